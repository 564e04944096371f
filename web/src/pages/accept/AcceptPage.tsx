// The page behind an invitation's link, for somebody whom this server does not know yet.
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { client, unwrap } from "../../api/client";
import { useLinkToken } from "../../app/linkToken";
import { wearTheme } from "../../app/themeSheet";
import { DoorwayCard } from "../../widgets/Doorway";
import { AcceptForm } from "./AcceptForm";
import { LinkMissing, Refusal } from "./Refusal";

export function AcceptPage() {
  const token = useLinkToken("/accept");
  return token === null ? <LinkMissing /> : <Invitation key={token} token={token} />;
}

function Invitation({ token }: { token: string }) {
  const preview = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => unwrap(client.POST("/v1/invitations/preview", { body: { token }, signal })),
    staleTime: Infinity,
    gcTime: 0,
  });
  const colour = preview.data?.agency.branding.colour ?? null;
  useEffect(() => wearTheme(colour), [colour]);
  if (preview.isError) return <Refusal error={preview.error} onRetry={() => void preview.refetch()} />;
  if (preview.isPending) {
    return (
      <DoorwayCard title="Your invitation" lead="One moment" brand={null}>
        <Loader aria-label="Loading" />
      </DoorwayCard>
    );
  }
  return <AcceptForm token={token} invitation={preview.data} />;
}
