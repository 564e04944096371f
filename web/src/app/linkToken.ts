// The token of a link by mail, `/accept#token=…`: a fragment never reaches a server's log.
import { useLocation, useNavigate, type LinkProps } from "@tanstack/react-router";
import { useEffect, useState } from "react";

export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token");
}

/** Reads the token once and takes it out of the page's address, where the next person at this screen would find it. */
export function useLinkToken(page: NonNullable<LinkProps["to"]>): string | null {
  const navigate = useNavigate();
  const hash = useLocation({ select: (location) => location.hash });
  const given = tokenOf(hash);
  const [token, setToken] = useState(given);
  if (given !== null && given !== token) setToken(given);
  useEffect(() => {
    if (given !== null) void navigate({ to: page, replace: true });
  }, [given, navigate, page]);
  return token;
}
