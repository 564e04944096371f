// Every money, minute and time on a page goes through one of these: short to read, exact on hover.
import { Text, type TextProps } from "@mantine/core";
import { useZone } from "../../app/session";
import { exactMinutesText, minutesFigure } from "../format/minutes";
import { exactMoneyText, moneyText } from "../format/money";
import { dayText, exactInstantText, instantText, relativeText, shortDayText } from "../format/time";
import classes from "./figures.module.css";

export function MoneyText({ usd, ...text }: { usd: string } & TextProps) {
  return (
    <Text
      inherit
      component="span"
      className={`${classes.money ?? ""} figures`}
      title={exactMoneyText(usd)}
      {...(usd.startsWith("-") && { c: "var(--mb-bad)" })}
      {...text}
    >
      {moneyText(usd)}
    </Text>
  );
}

/** A price shows every digit that it has. */
export function PriceText({ price, perMinute = false }: { price: string; perMinute?: boolean }) {
  return (
    <span className="figures">
      {exactMoneyText(price)}
      {perMinute && "/min"}
    </span>
  );
}

interface MinutesTextProps extends TextProps {
  seconds: number;
  /** Leave it out where the heading names it. */
  unit?: boolean;
}

export function MinutesText({ seconds, unit = true, ...text }: MinutesTextProps) {
  return (
    <Text
      inherit
      component="span"
      className="figures"
      title={exactMinutesText(seconds)}
      {...(seconds < 0 && { c: "var(--mb-bad)" })}
      {...text}
    >
      {minutesFigure(seconds)}
      {unit && <span className={classes.unit}> min</span>}
    </Text>
  );
}

export function TimeText({ at, ago = false }: { at: string; ago?: boolean }) {
  const zone = useZone();
  return (
    <time className="figures" dateTime={at} title={exactInstantText(at, zone)}>
      {ago ? relativeText(at) : instantText(at, zone)}
    </time>
  );
}

/** A calendar day of the agency. */
export function DayText({ day }: { day: string }) {
  return (
    <time className="figures" dateTime={day} title={dayText(day)}>
      {shortDayText(day)}
    </time>
  );
}

/** What stands where there is nothing to show; read aloud as such. */
export function Nothing({ label = "none" }: { label?: string }) {
  return (
    <Text component="span" inherit c="dimmed" aria-label={label} role="img">
      –
    </Text>
  );
}
