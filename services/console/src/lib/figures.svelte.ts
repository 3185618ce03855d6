/** The figures of the moment that is looked at: always the server's own, asked for as fast as it answers. */
import type { Api, Query } from "./api";
import type { Amount, Answer, Figure } from "./answers";
import type { Moment } from "./reduce";
import { asked } from "./time";

const RETRY_MS = 2000;

export class Figures {
  /** By metric; those of `shownFor`. */
  shown = $state.raw<ReadonlyMap<string, Figure>>(new Map());
  shownFor = $state<string | null>(null);
  wanted = $state<string>("");
  /** Figures at the ends of days, for trends: time and value by metric. */
  trend = $state.raw<ReadonlyMap<string, [number, number][]>>(new Map());

  private trendOf = "";
  private query: Query = {};
  private running = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly api: Api,
    private readonly operation: string,
  ) {}

  /** Whether the numbers are those of the moment on the slider; until then they are shown as being looked up. */
  get isCurrent(): boolean {
    return this.shownFor === this.wanted;
  }

  get(metric: string): Figure | undefined {
    return this.shown.get(metric);
  }

  /** The number of one metric; one of which nothing has been seen yet is zero, and without an answer there is none. */
  counted(metric: string): Amount | null {
    if (this.shown.size === 0) return null;
    return this.shown.get(metric)?.deduplicated ?? { value: 0, qualifier: "exact" };
  }

  /** Asks for another moment, or for one country alone. Only the latest wish is asked for once an answer is there. */
  want(moment: Moment, revision: number, country = ""): void {
    this.query = { ...queryOf(moment), country };
    this.wanted = JSON.stringify([this.query, moment.at === null ? revision : 0]);
    if (!this.running) void this.run();
  }

  close(): void {
    this.stopping.abort();
    clearTimeout(this.retry);
  }

  /** The figures at the ends of days, of one country or of all. */
  async readTrend(ends: number[], country = ""): Promise<void> {
    this.trend = new Map();
    const found = new Map<string, [number, number][]>();
    this.trendOf = country;
    for (const end of ends) {
      try {
        const page = await this.ask({ as_of: asked(end), country });
        if (this.trendOf !== country) return;
        for (const { metric, deduplicated } of page.items) {
          const points = found.get(metric) ?? [];
          points.push([end, deduplicated.value ?? 0]);
          found.set(metric, points);
        }
      } catch {
        return; // A trend is an ornament: without the server there is none, and the room says that it is away.
      }
    }
    this.trend = found;
  }

  private async run(): Promise<void> {
    this.running = true;
    clearTimeout(this.retry);
    while (this.shownFor !== this.wanted && !this.stopping.signal.aborted) {
      const [query, wanted] = [this.query, this.wanted];
      try {
        const page = await this.ask(query);
        this.shown = new Map(page.items.map((figure) => [figure.metric, figure]));
        this.shownFor = wanted;
      } catch {
        // No number is better than a wrong one.
        [this.shown, this.shownFor] = [new Map(), null];
        this.retry = setTimeout(() => void (this.running || this.run()), RETRY_MS);
        break;
      }
    }
    this.running = false;
  }

  private ask(query: Query): Promise<Answer<"/v1/operations/{operation}/figures">> {
    return this.api.get<"/v1/operations/{operation}/figures">(
      `/v1/operations/${this.operation}/figures`,
      query,
      this.stopping.signal,
    );
  }
}

export function queryOf(moment: Moment): Query {
  if (moment.at === null) return {};
  return moment.by === "known" ? { as_of: asked(moment.at) } : { at: asked(moment.at) };
}
