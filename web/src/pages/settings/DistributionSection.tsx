// What of the plan's minutes goes on to each client at a renewal; shown where the plan distributes any.
import { Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap, type Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { minutesText } from "../../widgets/format/minutes";
import { dateText } from "../../widgets/format/time";
import { SettingsSection } from "./SettingsSection";

type Distribution = Schemas["Distribution"];

export const distributionQuery = queryOptions({
  queryKey: ["distribution"],
  queryFn: ({ signal }) => unwrap(client.GET("/v1/agency/distribution", { signal })),
});

const FIELDS = ["basic_seconds", "premium_seconds"] as const;
const MINUTES_MAX = 100_000;
const SECONDS = 60;

const minutesFault = (typed: string) =>
  /^\d{1,6}$/.test(typed) && Number(typed) <= MINUTES_MAX ? null : `Whole minutes, at most ${MINUTES_MAX}`;

export function DistributionSection() {
  const query = useQuery(distributionQuery);
  return query.data?.counts ? <Section now={query.data} /> : null;
}

function Section({ now }: { now: Distribution }) {
  const queryClient = useQueryClient();
  const zone = useZone();
  const form = useForm({
    initialValues: {
      basic_seconds: String(now.next.basic_seconds / SECONDS),
      premium_seconds: String(now.next.premium_seconds / SECONDS),
    },
    validate: { basic_seconds: minutesFault, premium_seconds: minutesFault },
  });
  const save = useMutation({
    mutationFn: (body: Schemas["DistributionInput"]) => unwrap(client.PUT("/v1/agency/distribution", { body })),
    onSuccess: (saved) => {
      queryClient.setQueryData(distributionQuery.queryKey, saved);
      form.resetDirty();
      notifications.show({
        id: "distribution",
        message: `From ${dateText(saved.next_at, zone)} on each client gets this much.`,
      });
    },
  });
  return (
    <SettingsSection
      title="Minutes for each client"
      hint="At each renewal this much of the plan's minutes goes from your own account to each client, one to one."
      scope={`From the renewal on ${dateText(now.next_at, zone)} on.`}
      isDirty={form.isDirty()}
      isSaving={save.isPending}
      error={save.error}
      fields={FIELDS}
      onSubmit={form.onSubmit(({ basic_seconds, premium_seconds }) =>
        save.mutate({
          basic_seconds: Number(basic_seconds) * SECONDS,
          premium_seconds: Number(premium_seconds) * SECONDS,
        }),
      )}
    >
      <Stack gap="sm">
        <TextInput label="Premium minutes" inputMode="numeric" {...form.getInputProps("premium_seconds")} />
        <TextInput label="Basic minutes" inputMode="numeric" {...form.getInputProps("basic_seconds")} />
        <Text size="sm" c="dimmed">
          {now.accounts} clients need {minutesText(now.needed.premium_seconds + now.needed.basic_seconds)} at the next
          renewal, which brings {minutesText(now.included.premium_seconds + now.included.basic_seconds)}; your account
          has {minutesText(now.primary.premium_seconds + now.primary.basic_seconds)} left. Where there are too few they
          go in the order of names, and what is missing is told below.
        </Text>
      </Stack>
    </SettingsSection>
  );
}
