// The figures of a range side by side; the chosen one is drawn day by day below.
import { Skeleton, Tooltip, UnstyledButton } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { Schemas } from "../../api/client";
import { changeOf, figureOf, METRICS, type MetricName } from "./metrics";
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
          {overview ? <TrendChart series={overview.series} name={drawn} /> : <Skeleton height="100%" radius="sm" />}
        </Suspense>
      </div>
    </section>
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
  const exact = figure && figure.exact !== figure.text ? ` Exactly ${figure.exact}.` : "";
  return (
    <Tooltip label={help + exact} position="bottom-start">
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

function Change({ name, tenths }: { name: MetricName; tenths: number | null }) {
  if (tenths === null) return <span className={classes.change}>none before</span>;
  const tone = tenths === 0 || !METRICS[name].goodWhenUp ? "none" : tenths > 0 ? "good" : "bad";
  const Arrow = tenths < 0 ? IconArrowDownRight : IconArrowUpRight;
  return (
    <span className={`${classes.change ?? ""} figures`} data-tone={tone}>
      {tenths !== 0 && <Arrow size={13} stroke={2} aria-hidden="true" />}
      {tenths > 0 && "+"}
      {(tenths / 10).toFixed(1)}%
    </span>
  );
}
