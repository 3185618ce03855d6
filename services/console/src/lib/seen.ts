/** Up to when an officer has seen an operation's events: a time in this browser, nothing else. */

const kept = (operation: string) => `vcp.seen.${operation}`;

export function seenBefore(operation: string): number | null {
  const time = Number(localStorage.getItem(kept(operation)));
  return time > 0 ? time : null;
}

export function keepSeen(operation: string, time: number): void {
  localStorage.setItem(kept(operation), String(time));
}
