import { expect, test, vi } from "vitest";
import type { Api } from "../src/lib/api";
import { follow, frameOf, type Frame } from "../src/lib/live";
import { Problem } from "../src/lib/problem";

/** A gateway that says, at each connection, the next of some pieces, and then ends the stream or refuses. */
function gateway(...connections: (string[] | Problem)[]) {
  const asked: unknown[] = [];
  const stream = (_: string, query: { cursor: string }, signal: AbortSignal) => {
    asked.push(query.cursor);
    const next = connections[asked.length - 1];
    if (!next) {
      const never = (_: unknown, refuse: (reason: unknown) => void) =>
        signal.addEventListener("abort", () => refuse(signal.reason));
      return new Promise(never);
    }
    if (next instanceof Problem) return Promise.reject(next);
    const bytes = next.map((piece) => new TextEncoder().encode(piece));
    const start = (to: ReadableStreamDefaultController) => (
      bytes.forEach((piece) => to.enqueue(piece)),
      to.close()
    );
    return Promise.resolve(new ReadableStream({ start }));
  };
  return { api: { stream } as unknown as Api, asked };
}

async function heard(api: Api, wanted: number) {
  vi.useFakeTimers();
  const stop = new AbortController();
  const frames: Frame[] = [];
  const lost: Problem[] = [];
  const done = follow(
    api,
    "jad-1",
    "start",
    { frame: (frame) => frames.push(frame), connected: () => {}, lost: (problem) => lost.push(problem) },
    stop.signal,
  );
  for (let turn = 0; turn < 200 && frames.length + lost.length < wanted; turn++) {
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(15_000);
  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  vi.useRealTimers();
  await done;
  return { frames, lost };
}

test("a frame is its id, its kind and its data, and a comment is nothing", () => {
  expect(frameOf("id: 7\nevent: entry\ndata: {}")).toEqual({ id: "7", event: "entry", data: "{}" });
  expect(frameOf(": still here")).toEqual({ id: "", event: "message", data: "" });
});

test("frames that arrive in pieces are put together", async () => {
  const { api } = gateway(["id: 1\nda", 'ta: {"a":', "1}\n", "\nid: 2\ndata: x\n\n"]);

  const { frames } = await heard(api, 2);

  expect(frames.map(({ id, data }) => [id, data])).toEqual([
    ["1", '{"a":1}'],
    ["2", "x"],
  ]);
});

test("a stream that broke off goes on behind the last frame that was heard", async () => {
  const away = new Problem("unreachable", 0, "away", "");
  const { api, asked } = gateway(["id: 1\ndata: a\n\nid: 2\nda"], away, ["id: 2\ndata: b\n\n"]);

  const { frames, lost } = await heard(api, 3);

  expect(frames.map(({ data }) => data)).toEqual(["a", "b"]);
  expect(lost).toEqual([away]);
  expect(asked).toEqual(["start", "1", "1", "2"]);
});

test.each([401, 404, 400])("after a refusal with %i nothing is asked again", async (status) => {
  const { api, asked } = gateway(new Problem("refused", status, "no", ""));

  const { lost } = await heard(api, 1);

  expect(lost.map((problem) => problem.status)).toEqual([status]);
  expect(asked).toHaveLength(1);
});

test("a stream that asks for everything anew is left to whoever reads everything", async () => {
  const { api, asked } = gateway(["event: resync\ndata: {}\n\n"]);

  const { frames } = await heard(api, 1);

  expect(frames.map(({ event }) => event)).toEqual(["resync"]);
  expect(asked).toHaveLength(1);
});

test("a connection that says nothing for long is given up and made anew", async () => {
  const silent = { stream: vi.fn() };
  silent.stream.mockImplementation((_: string, __: unknown, signal: AbortSignal) =>
    Promise.resolve(
      new ReadableStream({
        start: (end) => signal.addEventListener("abort", () => end.error(signal.reason)),
      }),
    ),
  );
  vi.useFakeTimers();
  const stop = new AbortController();
  const none = { frame: () => {}, connected: () => {}, lost: () => {} };
  const done = follow(silent as unknown as Api, "jad-1", "start", none, stop.signal);

  await vi.advanceTimersByTimeAsync(24_000);
  expect(silent.stream).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(silent.stream).toHaveBeenCalledTimes(2);

  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  vi.useRealTimers();
  await done;
});
