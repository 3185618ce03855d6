/** One question to the gateway, asked again whenever the moment that is looked at, or the course, has changed. */
import type { Query } from "./api";
import type { Filled, Seen, View } from "./answers";
import { queryOf } from "./figures.svelte";
import { asProblem, type Problem } from "./problem";
import type { Room } from "./room.svelte";

const PAGE = 1000;

export interface Asked<Of extends View> {
  /** Below the operation. */
  path: Filled<Of>;
  query?: Query;
  /** Of a list: how many items at most. */
  most?: number;
  /** Asked about now, whatever moment is looked at. */
  now?: boolean;
}

interface Page {
  items: unknown[];
  next: string | null;
}

/** To be made while a component is made, about one view. One question is on its way at a time; the latest wish comes next. */
export class Question<Of extends View> {
  answer = $state.raw<Seen<Of> | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Whether the answer is that of the moment which is looked at. */
  isCurrent = $state(false);

  private wanted: { named: string; key: string; path: string; query: Query; most: number } | null = null;
  private answered = "";
  private running = false;
  private gone = false;

  constructor(
    private readonly room: Room,
    asked: () => Asked<Of> | null,
  ) {
    $effect(() => {
      const question = asked();
      void [room.revision, room.connection];
      const moment = room.readMoment;
      this.want(question, question?.now ? {} : queryOf(moment), moment.at === null ? room.revision : 0);
    });
    $effect(() => () => void (this.gone = true));
  }

  private want(asked: Asked<Of> | null, moment: Query, revision: number): void {
    if (asked === null) {
      [this.wanted, this.answer, this.problem, this.answered] = [null, null, null, ""];
      return;
    }
    const most = asked.most ?? 0;
    const query = { ...asked.query, ...moment };
    const named = JSON.stringify([asked.path, asked.query ?? {}]);
    const key = JSON.stringify([asked.path, query, most, revision]);
    // What was answered to another question is not shown under this one.
    if (this.wanted?.named !== named) [this.answer, this.problem] = [null, null];
    this.wanted = { named, key, path: asked.path, query, most };
    this.isCurrent = this.answered === key;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted && this.answered !== this.wanted.key && !this.gone) {
      const { key, path, query, most } = this.wanted;
      const found = await this.read(path, query, most).then(
        (answer) => ({ answer, problem: null }),
        (error: unknown) => ({ answer: null, problem: asProblem(error) }),
      );
      this.answered = key;
      if (this.wanted?.key !== key) continue;
      // What could not be asked is asked again by itself when the room is connected again; what is known stays.
      if (!found.problem?.unreachable) this.answer = found.answer;
      this.problem = found.problem;
      this.isCurrent = true;
    }
    this.running = false;
  }

  private async read(path: string, query: Query, most: number): Promise<Seen<Of>> {
    const api = this.room.api;
    const whole = `/v1/operations/${this.room.entry.operation}/${path}`;
    if (most === 0) return (await api.read(whole, query)) as Seen<Of>;
    const limit = Math.min(most, PAGE);
    const first = (await api.read(whole, { ...query, limit })) as Page;
    let next = first.next;
    while (next !== null && first.items.length < most) {
      const page = (await api.read(whole, { ...query, limit, cursor: next })) as Page;
      first.items.push(...page.items);
      next = page.next;
    }
    return { ...first, next } as Seen<Of>;
  }
}
