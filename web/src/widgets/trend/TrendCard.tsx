// The figures of a range side by side; the chosen one is drawn day by day below.
import { Skeleton, Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { shortDateText } from "../format/time";
import { changeOf, changeText, figureOf, METRICS, plotOf, type MetricName } from "./metrics";
import classes from "./TrendCard.module.css";

const TrendChart = lazy(() => import("./TrendChart"));

type Overview = Schemas["AgencyOverview"] | Schemas["SubaccountOverview"];

interface TrendCardProps {
  overview: Overview | undefined;
  names: readonly MetricName[];
  chosen: MetricName;
  onChoose: (name: MetricName) => void;
}

export function TrendCard({ overview, names, chosen, onChoose }: TrendCardProps) {
  const shown = overview ? names.filter((name) => figureOf(overview, name) !== null) : names;
  const drawn = shown.includes(chosen) ? chosen : (shown[0] ?? "calls");
  return (
    <section className={classes.card} aria-label="Figures of the range">
      <div className={classes.tiles} role="group" aria-label="Choose a figure to draw">
        {shown.map((name) => (
          <Tile key={name} name={name} overview={overview} pressed={name === drawn} onClick={() => onChoose(name)} />
        ))}
      </div>
      <div className={classes.chart}>
        <Suspense fallback={<Skeleton height="100%" radius="sm" />}>
          {overview ? <Drawing series={overview.series} name={drawn} /> : <Skeleton height="100%" radius="sm" />}
        </Suspense>
      </div>
    </section>
  );
}

function Drawing({ series, name }: { series: Overview["series"]; name: MetricName }) {
  if (series.some((point) => plotOf(point, name) !== 0)) return <TrendChart series={series} name={name} />;
  return (
    <Text size="sm" c="dimmed" className={classes.nothing}>
      Nothing in this range.
    </Text>
  );
}

interface TileProps {
  name: MetricName;
  overview: Overview | undefined;
  pressed: boolean;
  onClick: () => void;
}

function Tile({ name, overview, pressed, onClick }: TileProps) {
  const { label, help } = METRICS[name];
  const figure = overview && figureOf(overview, name);
  return (
    <Tooltip
      position="bottom-start"
      label={
        <>
          {help}
          {figure && figure.exact !== figure.text && <div className="figures">Exactly {figure.exact}.</div>}
          {overview && <Before previous={overview.previous} name={name} />}
        </>
      }
    >
      <UnstyledButton className={classes.tile} aria-pressed={pressed} onClick={onClick}>
        <span className={classes.label}>{label}</span>
        <span className={`${classes.value ?? ""} figures`}>
          {figure ? figure.text : <Skeleton h={22} w={90} my={3} />}
        </span>
        {overview && <Change name={name} tenths={changeOf(overview, overview.previous, name)} />}
      </UnstyledButton>
    </Tooltip>
  );
}

/** The same figure of the span before, which the change is measured against. */
function Before({ previous, name }: { previous: Overview["previous"]; name: MetricName }) {
  const zone = useZone();
  const lastInstant = new Date(Date.parse(previous.to) - 1).toISOString();
  return (
    <div className="figures">
      {shortDateText(previous.from, zone)} – {shortDateText(lastInstant, zone)}: {figureOf(previous, name)?.text}.
    </div>
  );
}

function Change({ name, tenths }: { name: MetricName; tenths: number | null }) {
  if (tenths === null) return <span className={classes.change} />;
  const tone = tenths === 0 || !METRICS[name].goodWhenUp ? "none" : tenths > 0 ? "good" : "bad";
  const Arrow = tenths < 0 ? IconArrowDownRight : IconArrowUpRight;
  return (
    <span className={`${classes.change ?? ""} figures`} data-tone={tone}>
      {tenths !== 0 && <Arrow size={13} stroke={2} aria-hidden="true" />}
      {changeText(tenths)}
    </span>
  );
}
