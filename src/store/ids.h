/* Ids that go on where those in the store end (base/id.h). */
#ifndef STORE_IDS_H
#define STORE_IDS_H

#include "store/db.h"

/* Ids made from here on are greater than all that the store holds, also when the clock was set back while no program
   ran. Before the first id_new. */
bool ids_resume(struct tx *tx);

#endif
