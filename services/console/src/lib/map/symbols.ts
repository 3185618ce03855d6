/** How events are drawn: a shape for each family, and a ring of families where there are many. */
import type { Shape } from "../families";

/** Corners of a shape in a circle of radius 1; a circle has none. */
const CORNERS: Record<Shape, [number, number][]> = {
  circle: [],
  up: polygon(3, -90),
  down: polygon(3, 90),
  square: polygon(4, 45),
  diamond: polygon(4, 0),
  hexagon: polygon(6, 0),
};
const SIZE: Record<Shape, number> = {
  circle: 0.86,
  up: 1.12,
  down: 1.12,
  square: 1.08,
  diamond: 1.1,
  hexagon: 0.96,
};

function polygon(corners: number, turn: number): [number, number][] {
  return Array.from({ length: corners }, (_, at) => {
    const angle = ((turn + (360 / corners) * at) * Math.PI) / 180;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

export function trace(
  context: CanvasRenderingContext2D,
  shape: Shape,
  x: number,
  y: number,
  radius: number,
): void {
  const size = radius * SIZE[shape];
  context.beginPath();
  if (shape === "circle") context.arc(x, y, size, 0, 2 * Math.PI);
  CORNERS[shape].forEach(([dx, dy], at) => {
    if (at === 0) context.moveTo(x + dx * size, y + dy * size);
    else context.lineTo(x + dx * size, y + dy * size);
  });
  context.closePath();
}

/** The same shape for the page, in a box of 16 by 16. */
export function pathOf(shape: Shape): string {
  const size = 6.4 * SIZE[shape];
  if (shape === "circle")
    return `M ${8 - size} 8 a ${size} ${size} 0 1 0 ${2 * size} 0 a ${size} ${size} 0 1 0 ${-2 * size} 0`;
  const corners = CORNERS[shape].map(([x, y]) => `${(8 + x * size).toFixed(2)} ${(8 + y * size).toFixed(2)}`);
  return `M ${corners.join(" L ")} Z`;
}

export function ring(
  context: CanvasRenderingContext2D,
  given: {
    x: number;
    y: number;
    radius: number;
    counts: number[];
    colours: string[];
    fill: string;
    ink: string;
  },
): void {
  const { x, y, radius, counts } = given;
  const total = counts.reduce((sum, count) => sum + count, 0);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = given.fill;
  context.fill();
  context.lineWidth = 4;
  let from = -Math.PI / 2;
  counts.forEach((count, family) => {
    if (count === 0) return;
    const to = from + (count / total) * 2 * Math.PI;
    context.beginPath();
    context.arc(x, y, radius - 1, from, to);
    context.strokeStyle = given.colours[family]!;
    context.stroke();
    from = to;
  });
  context.fillStyle = given.ink;
  context.font = "600 11.5px 'Inter Variable', system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(total), x, y + 0.5);
}

export function radiusOf(size: number): number {
  return size === 1 ? 8 : 11 + 3.2 * Math.log2(size);
}
