/** The one picture that everything on the screen shows: an operation's course, and which moment of it is looked at. */
import { untrack } from "svelte";
import type { Api } from "./api";
import type { HistoryPage, Operation, OperationEntry } from "./answers";
import type { Address } from "./address.svelte";
import { Figures } from "./figures.svelte";
import { History } from "./history";
import { follow, type Frame } from "./live";
import { asProblem, type Problem } from "./problem";
import { ALL_FAMILIES, type Filter, type Moment } from "./reduce";

const READ_MS = 120;

export type Connection = "loading" | "live" | "lost" | "refused";

export class Room {
  operation = $state.raw<Operation | null>(null);
  /** Rises when the course has grown; what is reduced from it reads this. */
  revision = $state(0);
  connection = $state<Connection>("loading");
  problem = $state.raw<Problem | null>(null);
  filter = $state<Filter>({ families: ALL_FAMILIES, country: "", words: "" });
  /** The moment while a hand is on the slider; the address follows when it lets go. */
  dragged = $state<number | null>(null);
  /** The same for words and numbers, which nobody reads sixty times a second. */
  read = $state<number | null>(null);
  history = new History();
  readonly figures: Figures;

  private readonly stopping = new AbortController();
  private changes = "";
  private reading: Promise<void> | null = null;
  private again = false;
  private reads: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly api: Api,
    readonly entry: OperationEntry,
    readonly address: Address,
  ) {
    this.figures = new Figures(api, entry.operation);
  }

  get zone(): string {
    return this.operation?.detail.window.time_zone ?? "UTC";
  }

  get moment(): Moment {
    return { at: this.dragged ?? this.address.place.at, by: this.address.place.by };
  }

  /** The moment that lists and numbers show: that of the map, at most READ_MS behind it. */
  get readMoment(): Moment {
    return { at: this.read ?? this.address.place.at, by: this.address.place.by };
  }

  get isLive(): boolean {
    return this.moment.at === null;
  }

  /** From the first to the last thing that is known, or that happened. */
  get span(): [number, number] {
    void this.revision;
    const { history } = this;
    if (history.size === 0) return [0, 1];
    const order = history.order(this.address.place.by);
    const times = this.address.place.by === "known" ? history.recorded : history.occurred;
    return [times[order[0]!]!, times[order.at(-1)!]!];
  }

  async open(): Promise<void> {
    try {
      const operation = await this.api.get<Operation>(`/v1/operations/${this.entry.operation}`);
      this.operation = operation;
      await this.load();
    } catch (error) {
      this.fails(asProblem(error));
    }
  }

  close(): void {
    this.stopping.abort();
    this.figures.close();
  }

  /** Looks at a moment for as long as a hand moves the slider. */
  drag(at: number): void {
    this.dragged = at;
    this.reads ??= setTimeout(() => {
      this.reads = null;
      this.read = this.dragged;
    }, READ_MS);
  }

  /** Looks at another moment: null is now. */
  look(at: number | null): void {
    this.dragged = this.read = null;
    const [first, last] = this.span;
    this.address.go({ at: at === null || at >= last ? null : Math.max(first, at) }, true);
  }

  /** The whole course, and then what is added to it. */
  private async load(): Promise<void> {
    const history = new History();
    const tail = await this.pages(history, "");
    this.history = history;
    this.revision++;
    this.connection = "live";
    void this.follow(tail);
  }

  private async follow(tail: string): Promise<void> {
    const heard = {
      connected: () => {
        this.connection = "live";
        this.problem = null;
        this.catchUp();
      },
      frame: (frame: Frame) => this.hears(frame),
      lost: (problem: Problem) => this.fails(problem),
    };
    await follow(this.api, this.entry.operation, tail, heard, this.stopping.signal);
    if (!this.stopping.signal.aborted && this.connection !== "refused") await this.reload();
  }

  private hears(frame: Frame): void {
    // Who may see a record can change: then the whole course may read otherwise.
    if (frame.event === "withdrawn" || frame.data.includes('"handling.changed.v1"')) void this.reload(true);
    else if (frame.event === "entry") this.catchUp();
  }

  private async reload(whileFollowing = false): Promise<void> {
    try {
      const history = new History();
      const tail = await this.pages(history, "");
      this.history = history;
      this.revision++;
      if (!whileFollowing) void this.follow(tail);
    } catch (error) {
      this.fails(asProblem(error));
    }
  }

  /** Reads what changed; while it is being read, further news only make it read once more. */
  private catchUp(): void {
    this.again = true;
    this.reading ??= this.readChanges().finally(() => (this.reading = null));
  }

  private async readChanges(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      const { history } = this;
      try {
        const before = history.size;
        await this.pages(history, this.changes);
        if (history.size > before || this.history !== history) this.revision++;
      } catch (error) {
        this.fails(asProblem(error));
        return;
      }
    }
  }

  private async pages(history: History, from: string): Promise<string> {
    let cursor = from;
    for (;;) {
      const path = `/v1/operations/${this.entry.operation}/history`;
      const page: HistoryPage = await this.api.get(path, { cursor, limit: 5000 }, this.stopping.signal);
      history.take(page);
      this.changes = page.changes;
      if (page.next === null) return page.tail;
      cursor = page.next;
    }
  }

  private fails(problem: Problem): void {
    if (this.stopping.signal.aborted) return;
    untrack(() => {
      this.problem = problem;
      this.connection = problem.signIn || problem.status === 404 ? "refused" : "lost";
    });
  }
}
