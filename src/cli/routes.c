#include "api/routes.h"
#include "cli/command.h"
#include "http/route.h"

#include <stdio.h>

struct routes_settings {
    struct common_settings common;
};

static const struct option routes_options[] = { COMMON_OPTIONS, OPTION_END };

static const char *permission_text(enum permission permission)
{
    if (permission == CAN_ANYONE) return "public";
    return permission == CAN_SIGNED_IN ? "signed_in" : permission_names[permission];
}

static void print_scopes(unsigned scopes)
{
    const char *separator = "";

    if (scopes == 0) printf("-");
    for (int i = 0; i < SCOPE_COUNT; i++) {
        if ((scopes & (1u << i)) != 0) {
            printf("%s%s", separator, key_scope_names[i]);
            separator = ",";
        }
    }
}

/* One line a route, tab-separated: method, path, permission, API key scopes, name. */
static int print_routes(struct command_run *run)
{
    (void)run;
    for (const struct route *const *table = api_routes; *table != NULL; table++) {
        for (const struct route *route = *table; route->path != NULL; route++) {
            printf("%s\t%s\t%s\t", method_names[route->method], route->path,
                   permission_text(route->permission));
            print_scopes(route->key_scopes);
            printf("\t%s\n", route->name);
        }
    }
    return EXIT_FINE;
}

const struct command routes_command = {
    .name = "routes",
    .summary = "prints the API's routes, what they need, and their names",
    .usage = "",
    .options = routes_options,
    .settings_size = sizeof(struct routes_settings),
    .run = print_routes,
};
