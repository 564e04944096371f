// The agency's colour as the console's accent: as near to it as texts in it stay readable (WCAG 2.2 §1.4.3).
import type { MantineColorsTuple } from "@mantine/core";

type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** The surfaces that an accented text stands on; the tint of a chosen item is the worst of them. */
const DARK_SURFACE: Rgb = [0x1b, 0x21, 0x24];
const READABLE = 4.5;
const READABLE_ON_TINT = 5.6;
const STEP = 0.04;

export interface Accent {
  /** Shades as the theme has them: 7 is the light scheme's, 6 the dark one's. */
  shades: MantineColorsTuple;
  textOnLight: string;
  textOnDark: string;
  tintOnLight: string;
  tintOnDark: string;
}

export function accentOf(colour: string): Accent {
  const rgb = parse(colour);
  const filled = shadeUntil(rgb, BLACK, WHITE, READABLE);
  const onLight = shadeUntil(rgb, BLACK, WHITE, READABLE_ON_TINT);
  const onDark = shadeUntil(rgb, WHITE, DARK_SURFACE, READABLE_ON_TINT);
  const [lighter, darker] = [
    (share: number) => hex(mix(filled, WHITE, share)),
    (share: number) => hex(mix(filled, BLACK, share)),
  ];
  return {
    shades: [
      lighter(0.93),
      lighter(0.84),
      lighter(0.68),
      lighter(0.5),
      lighter(0.32),
      lighter(0.16),
      hex(filled),
      hex(filled),
      darker(0.16),
      darker(0.3),
    ],
    textOnLight: hex(onLight),
    textOnDark: hex(onDark),
    tintOnLight: hex(mix(onLight, WHITE, 0.9)),
    tintOnDark: hex(mix(onDark, [0x11, 0x15, 0x17], 0.84)),
  };
}

/** `from`, moved towards `towards` until it can be told from `against`. */
function shadeUntil(from: Rgb, towards: Rgb, against: Rgb, wanted: number): Rgb {
  for (let share = 0; share < 1; share += STEP) {
    const shade = mix(from, towards, share);
    if (contrast(shade, against) >= wanted) return shade;
  }
  return towards;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(a[index] * (1 - share) + b[index] * share);
  return [part(0), part(1), part(2)];
}

export function parse(colour: string): Rgb {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function hex(rgb: Rgb): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
