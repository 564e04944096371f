#include "domain/knowledge.h"

int64_t knowledge_to_grant(int64_t packs, int64_t granted)
{
    return packs > granted ? packs - granted : 0;
}

struct posting posting_for_knowledge_grant(id64_t id, id64_t agency, id64_t primary,
                                           int64_t credits, int64_t granted, instant_t at)
{
    struct posting posting = posting_begin(POSTING_KNOWLEDGE_GRANT, id, agency, primary, at);

    posting.key = granted + credits;
    posting_transfer(&posting, LEDGER_ISSUED_KNOWLEDGE, ID_NONE, LEDGER_KNOWLEDGE, primary,
                     credits);
    return posting;
}

struct posting posting_for_knowledge_purchase(id64_t id, id64_t agency, id64_t primary,
                                              int64_t credits, micros_t cost, instant_t at)
{
    struct posting posting = posting_begin(POSTING_KNOWLEDGE_PURCHASE, id, agency, primary, at);

    posting_transfer(&posting, LEDGER_ISSUED_KNOWLEDGE, ID_NONE, LEDGER_KNOWLEDGE, primary,
                     credits);
    posting_transfer(&posting, LEDGER_CREDIT, agency, LEDGER_BASE_REVENUE, ID_NONE, cost);
    return posting;
}

struct posting posting_for_knowledge_transfer(const struct knowledge_transfer *transfer)
{
    struct posting posting =
        posting_begin(POSTING_KNOWLEDGE_TRANSFER, transfer->posting_id, transfer->agency_id,
                      transfer->from_id, transfer->created_at);

    posting.reference = transfer->id;
    posting.key = transfer->id;
    posting_transfer(&posting, LEDGER_KNOWLEDGE, transfer->from_id, LEDGER_KNOWLEDGE,
                     transfer->to_id, transfer->credits);
    return posting;
}
