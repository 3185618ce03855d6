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
const RETRY_MS = 2000;

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
  /** When the live stream said something last, by this machine's clock. */
  heardAt = $state<number | null>(null);
  readonly figures: Figures;

  private readonly stopping = new AbortController();
  private reading: Promise<void> | null = null;
  private again = false;
  private outdated = false;
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

  /** The country to which figures are narrowed: that of the map's filter, where the filter is seen. */
  get countedCountry(): string {
    return this.address.place.view === "room" ? this.filter.country : "";
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
      this.operation ??= await this.api.get<"/v1/operations/{operation}">(
        `/v1/operations/${this.entry.operation}`,
      );
      const tail = await this.readAnew();
      this.connection = "live";
      void this.follow(tail);
    } catch (error) {
      this.fails(asProblem(error));
      if (this.connection === "lost") setTimeout(() => void this.open(), RETRY_MS);
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

  /** Stays at the moment where the hand let go. */
  settle(): void {
    if (this.dragged !== null) this.look(this.dragged);
  }

  /** Looks at another moment: null is now. */
  look(at: number | null): void {
    this.dragged = this.read = null;
    const [first, last] = this.span;
    this.address.go({ at: at === null || at >= last ? null : Math.max(first, at) }, true);
  }

  private async follow(tail: string): Promise<void> {
    const heard = {
      connected: () => {
        this.heardAt = Date.now();
        this.connection = "live";
        this.problem = null;
        if (this.outdated) void this.renew();
        else this.catchUp();
      },
      frame: (frame: Frame) => this.hears(frame),
      lost: (problem: Problem) => this.fails(problem),
    };
    await follow(this.api, this.entry.operation, tail, heard, this.stopping.signal);
    if (!this.stopping.signal.aborted && this.connection !== "refused") await this.open();
  }

  private hears(frame: Frame): void {
    this.heardAt = Date.now();
    // Who may see a record can change: then the whole course may read otherwise.
    if (frame.event === "withdrawn" || frame.data.includes('"handling.changed.v1"')) void this.renew();
    else if (frame.event !== "now" && frame.event !== "resync") this.catchUp();
  }

  /** Reads everything anew; when that fails, it is done as soon as the stream is there again. */
  private async renew(): Promise<void> {
    this.outdated = true;
    try {
      await this.readAnew();
      this.outdated = false;
      this.catchUp();
    } catch (error) {
      this.fails(asProblem(error));
    }
  }

  /** A course of its own is read to the end before it is shown, whatever is added to the old one meanwhile. */
  private async readAnew(): Promise<string> {
    const history = new History();
    const tail = await this.pages(history);
    this.history = history;
    this.revision++;
    return tail;
  }

  /** Reads what changed; while it is being read, further news only make it read once more. */
  private catchUp(): void {
    this.again = true;
    this.reading ??= this.readChanges().finally(() => {
      this.reading = null;
      if (this.again) this.catchUp();
    });
  }

  private async readChanges(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      const { history } = this;
      try {
        const before = history.size;
        await this.pages(history);
        if (history.size > before) this.revision++;
      } catch (error) {
        this.fails(asProblem(error));
        return;
      }
    }
  }

  private async pages(history: History): Promise<string> {
    let cursor = history.changes;
    for (;;) {
      const path = `/v1/operations/${this.entry.operation}/history` as const;
      const asked = { cursor, limit: 5000 };
      const page: HistoryPage = await this.api.get<"/v1/operations/{operation}/history">(
        path,
        asked,
        this.stopping.signal,
      );
      history.take(page);
      if (page.next === null) {
        history.changes = page.changes;
        return page.tail;
      }
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
