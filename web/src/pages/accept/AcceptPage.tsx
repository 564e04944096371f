// The page behind an invitation's link, for somebody whom this server does not know yet.
import { Loader, Paper } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { client, unwrap } from "../../api/client";
import { wearTheme } from "../../app/themeSheet";
import { Doorway } from "../../widgets/Doorway";
import { AcceptForm } from "./AcceptForm";
import { LinkMissing, Refusal } from "./Refusal";

/** The token of `/accept#token=…`; a fragment never reaches a server's log. */
function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token");
}

/** Reads the token once and takes it out of the address, where the next person at this screen would find it. */
function useToken(): string | null {
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const given = tokenOf(hash);
  const [token, setToken] = useState(given);
  if (given !== null && given !== token) setToken(given);
  useEffect(() => {
    if (given !== null) void navigate({ to: "/accept", replace: true });
  }, [given, navigate]);
  return token;
}

export function AcceptPage() {
  const token = useToken();
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
      <Doorway title="Your invitation" lead="One moment" brand={null}>
        <Paper withBorder p="lg" radius="lg">
          <Loader aria-label="Loading" />
        </Paper>
      </Doorway>
    );
  }
  return <AcceptForm token={token} invitation={preview.data} />;
}
