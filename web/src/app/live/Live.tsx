// Keeps what pages have read up to date while somebody is signed in; shows nothing.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { listen } from "./stream";

export default function Live() {
  const queryClient = useQueryClient();
  useEffect(() => listen(queryClient), [queryClient]);
  return null;
}
