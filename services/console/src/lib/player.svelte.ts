/** Playing: the moment that is looked at moves on by itself, many times faster than it was. */
import { untrack } from "svelte";
import { labelled } from "./labels.svelte";
import type { Room } from "./room.svelte";

/** Seconds of the operation in a second, and how they are called. */
export const SPEEDS: readonly [number, string][] = [
  [60, labelled("1 min/s")],
  [600, labelled("10 min/s")],
  [3600, labelled("1 h/s")],
  [6 * 3600, labelled("6 h/s")],
  [24 * 3600, labelled("1 day/s")],
];

/** To be made while a component is made. */
export class Player {
  isPlaying = $state(false);
  speed = $state(3600);

  constructor(private readonly room: Room) {
    // What comes in meanwhile is no reason to begin anew.
    $effect(() => (this.isPlaying ? untrack(() => this.run()) : undefined));
  }

  stop(): void {
    this.isPlaying = false;
  }

  toggle(): void {
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.room.isLive) this.room.look(this.room.span[0]);
  }

  private run(): () => void {
    const { room } = this;
    let [last, now] = [performance.now(), room.address.place.at ?? room.span[0]];
    let frame = requestAnimationFrame(
      function tick(this: Player, time: number) {
        now += (time - last) * this.speed;
        last = time;
        if (now >= room.span[1]) {
          this.stop();
          room.look(null);
          return;
        }
        room.drag(now);
        frame = requestAnimationFrame(tick.bind(this));
      }.bind(this),
    );
    return () => {
      cancelAnimationFrame(frame);
      room.settle();
    };
  }
}
