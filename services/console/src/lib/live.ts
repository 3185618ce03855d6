/** The live stream: server-sent events read with a token in a header, resumed where it broke off. */
import type { Api } from "./api";
import { asProblem, type Problem } from "./problem";

export interface Frame {
  id: string;
  event: string;
  data: string;
}

export interface Heard {
  frame(frame: Frame): void;
  connected(): void;
  /** The stream broke off; it is tried again unless the token has ended. */
  lost(problem: Problem): void;
}

const SILENT_MS = 25_000;
const LONGEST_PAUSE_MS = 10_000;

/** Follows until `signal` is aborted or the token is refused. */
export async function follow(api: Api, operation: string, cursor: string, heard: Heard, signal: AbortSignal) {
  let from = cursor;
  let pause = 500;
  while (!signal.aborted) {
    try {
      const silence = new AbortController();
      const either = AbortSignal.any([signal, silence.signal]);
      const body = await api.stream(`/v1/operations/${operation}/live`, { cursor: from }, either);
      heard.connected();
      pause = 500;
      for await (const frame of frames(body, silence)) {
        if (frame.id) from = frame.id;
        heard.frame(frame);
        if (frame.event === "resync") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = asProblem(error);
      heard.lost(problem);
      if (problem.signIn || problem.status === 404 || problem.status === 400) return;
    }
    await paused(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

async function* frames(body: ReadableStream<Uint8Array>, silence: AbortController): AsyncGenerator<Frame> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let text = "";
  for (;;) {
    // The server says something at least every ten seconds; a connection that is silent for longer is dead.
    const watch = setTimeout(() => silence.abort(), SILENT_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(watch));
    if (done) return;
    text += value;
    const ended = text.split("\n\n");
    text = ended.pop() ?? "";
    for (const one of ended) yield frameOf(one);
  }
}

export function frameOf(text: string): Frame {
  const frame: Frame = { id: "", event: "message", data: "" };
  for (const line of text.split("\n")) {
    const at = line.indexOf(":");
    const [name, value] = [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
    if (name === "id" || name === "event") frame[name] = value;
    else if (name === "data") frame.data += value;
  }
  return frame;
}

function paused(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
