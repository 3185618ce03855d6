/** Dark or light: as the machine says, until its user says otherwise. */

const KEPT = "vcp.theme";

export class Theme {
  dark = $state(localStorage.getItem(KEPT) !== "light");

  constructor() {
    const light = matchMedia("(prefers-color-scheme: light)");
    if (localStorage.getItem(KEPT) === null) this.dark = !light.matches;
    light.addEventListener("change", () => {
      if (localStorage.getItem(KEPT) === null) this.dark = !light.matches;
    });
  }

  toggle(): void {
    this.dark = !this.dark;
    localStorage.setItem(KEPT, this.dark ? "dark" : "light");
  }
}
