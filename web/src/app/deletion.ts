// Deleting the agency and taking that back: what the banner and the settings have in common.
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "../api/client";
import { keys } from "../api/queries";
import { useIntent } from "../widgets/form/intent";
import { errorText } from "../widgets/states/states";
import { useMe, sees } from "./session";

/** Only the owner can. */
export function useUndoDeletion() {
  const queryClient = useQueryClient();
  const intent = useIntent();
  return useMutation({
    mutationFn: (deletesAt: string | null) =>
      unwrap(client.POST("/v1/agency/undo_delete", { params: { header: intent(deletesAt) } })),
    onSuccess: async ({ name }) => {
      // What may be done has changed on every page.
      await queryClient.invalidateQueries();
      notifications.show({ message: `${name} stays. Everything is as it was.` });
    },
    onError: (error) => notifications.show({ color: "red", title: "Not undone", message: errorText(error) }),
  });
}

/** Who can take the deletion back, by name for those who see the agency's people. */
export function useOwnersName(): string | null {
  const seesPeople = sees(useMe(), "users.view");
  const owners = useQuery({
    queryKey: [...keys.users, "owner"],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/v1/users", { params: { query: { role: "agency_owner", limit: 1 } }, signal })),
    enabled: seesPeople,
    staleTime: 60_000,
  });
  return owners.data?.data[0]?.name ?? null;
}
