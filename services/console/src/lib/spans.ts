/** Lengths of time as people say them. */
import { say } from "./labels.svelte";

export function span(seconds: number | null): string {
  if (seconds === null) return "–";
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return say("{count} min", { count: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? say("{count} h", { count: hours })
    : say("{count} days", { count: Math.floor(hours / 24) });
}
