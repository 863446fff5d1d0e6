import { danishDay } from '../shared/dates.ts';
import { formatNumber } from '../shared/text.ts';

// Pictures as numbers for SVG: everything is worked out here, the view only writes attributes (no style: the page's policy).

export type Point = { label: string; value: number };

const width = 640;
const height = 220;
const left = 60;
const right = 16;
const top = 14;
const bottom = 32;

/** A line over time from zero up, with a scale of round numbers and the first, middle and last day below. */
export function lineChart(title: string, days: readonly { day: string; value: number }[]): object {
  const most = roundedUp(Math.max(1, ...days.map(({ value }) => value)));
  const x = (index: number): number => rounded(left + (index / Math.max(1, days.length - 1)) * (width - left - right));
  const y = (value: number): number => rounded(height - bottom - (value / most) * (height - top - bottom));
  const points = days.map(({ value }, index) => `${x(index)},${y(value)}`);
  const base = y(0);
  return {
    title,
    ...{ width, height, left, base, scaleX: left - 8, end: width - right },
    line: points.join(' '),
    area: days.length === 0 ? '' : `${x(0)},${base} ${points.join(' ')} ${x(days.length - 1)},${base}`,
    scale: [0, most / 2, most].map((value) => ({ y: y(value), label: formatNumber(value), textY: y(value) + 4 })),
    days: [...new Set([0, Math.floor((days.length - 1) / 2), days.length - 1])].flatMap((index) => {
      const one = days[index];
      const anchor = index === 0 ? 'start' : index === days.length - 1 ? 'end' : 'middle';
      return one === undefined ? [] : [{ x: x(index), y: height - 8, anchor, label: danishDay(one.day) }];
    }),
  };
}

const barHeight = 22;
const barGap = 8;
const labelWidth = 250;

/** Bars one below the other, each with its name and number. */
export function barChart(title: string, bars: readonly Point[]): object {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = width - labelWidth - 80;
  return {
    title,
    width,
    height: bars.length * (barHeight + barGap) + barGap,
    labelX: labelWidth - 10,
    bars: bars.map(({ label, value }, index) => {
      const y = barGap + index * (barHeight + barGap);
      const length = rounded((value / most) * room);
      return {
        label: shortened(label),
        value: formatNumber(value),
        x: labelWidth,
        y,
        length,
        height: barHeight,
        textY: y + 16,
        valueX: labelWidth + length + 8,
      };
    }),
  };
}

/** The largest ones, and what the others come to together. */
export function largest(points: readonly Point[], most: number, others: string): Point[] {
  if (points.length <= most) return [...points];
  const rest = points.slice(most - 1).reduce((sum, { value }) => sum + value, 0);
  return [...points.slice(0, most - 1), { label: others, value: rest }];
}

function shortened(label: string): string {
  return label.length > 34 ? `${label.slice(0, 33)}…` : label;
}

/** 1, 2 or 5 times a power of ten, twice over: halves are round too. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
  return Math.max(2, step * power);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
