/* Plumbers, roofers, realtors, landlords, solar installers: people with houses. */
#include "cli/demo/story.h"

/* clang-format off */

static const struct demo_topic plumbing_inbound[] = {
    { 20, "Job booked", 1080, MOOD_EVEN,
      SAYS("{service} at {street}. {staff} comes on {day}, arrival window from {time}.",
           "{name} needs a {service}; booked {day} at {time}, diagnostic fee of {amount} accepted.",
           "Booked a {service} for the tenant at {street}; landlord {name} pays.") },
    { 13, "Emergency dispatched", 960, MOOD_UPSET,
      SAYS("Water through the ceiling at {street}. Talked {first} through the shut-off valve, paged {staff}.",
           "No heat and a newborn in the house. {staff} on the way, about 40 minutes.",
           "Sewage backing up at {street}; dispatched {staff} as first job.") },
    { 10, "Estimate requested", 1250, MOOD_HAPPY,
      SAYS("Wants a quote for a {service}. Visit on {day} at {time}; gave the usual range from {amount}.",
           "{name} is comparing offers for a {service}. Visit booked, photos to follow.") },
    { 9, "Status update", 620, MOOD_EVEN,
      SAYS("Where is the technician? {staff} is two stops away; told {first} about {time}.",
           "Part for the {service} has arrived; set {day} for the return visit.") },
    { 6, "Rescheduled", 640, MOOD_EVEN, SAYS("Nobody home today; moved to {day} at {time}.") },
    { 4, "Billing question", 1100, MOOD_UPSET,
      SAYS("Invoice of {amount} was higher than quoted. Explained the extra part; office manager to call.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic plumbing_outbound[] = {
    { 9, "Estimate accepted", 1000, MOOD_HAPPY,
      SAYS("{name} accepts the {service} for {amount}; starts {day}.",
           "Going ahead with the {service}; deposit link sent.") },
    { 9, "Maintenance booked", 780, MOOD_HAPPY,
      SAYS("Yearly check booked for {day} at {time}.", "{first} renewed the service plan at {amount}.") },
    { 7, "Thinking about it", 640, MOOD_EVEN,
      SAYS("Still waiting for a second quote.", "Wants to wait until spring.") },
    { 3, "Declined", 420, MOOD_EVEN, SAYS("Chose another company; the difference was {amount}.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_plumbing = {
    .weekdays = demo_week_homes, .hours = demo_hours_homes, .weekend_hours = demo_hours_homes,
    .is_round_the_clock = true, .inbound = plumbing_inbound, .outbound = plumbing_outbound,
    .services = SAYS("water heater replacement", "drain cleaning", "furnace repair", "leak repair",
                     "thermostat install", "boiler service", "sump pump check", "AC tune-up"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic roofing_inbound[] = {
    { 18, "Inspection booked", 1050, MOOD_HAPPY,
      SAYS("Shingles missing at {street}; inspection on {day} at {time}.",
           "{name} found a stain in the attic. {staff} looks at it on {day}.") },
    { 9, "Insurance claim", 1400, MOOD_EVEN,
      SAYS("Adjuster comes on {day}; {name} wants {staff} there. Put in the calendar.",
           "Claim approved for {amount}. Asked for the supplement for {service}.") },
    { 7, "Status update", 640, MOOD_EVEN,
      SAYS("Crew starts on {day} if it stays dry.",
           "Dumpster is still in the driveway at {street}; office informed.") },
    { 5, "Warranty question", 980, MOOD_UPSET,
      SAYS("Leak near the {service} that was done two years ago. Warranty visit on {day}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic roofing_outbound[] = {
    { 8, "Inspection booked", 900, MOOD_HAPPY,
      SAYS("Hail on the street last week; {name} takes the free inspection on {day}.") },
    { 6, "Estimate accepted", 1050, MOOD_HAPPY, SAYS("{first} signs for {amount}; material ordered.") },
    { 8, "Thinking about it", 620, MOOD_EVEN,
      SAYS("Wants to talk to the insurer first.", "Call again after {day}.") },
    { 8, "Not interested", 300, MOOD_UPSET, SAYS("Roof is new.", "{name} asked not to be called again.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_roofing = {
    .weekdays = demo_week_homes, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = roofing_inbound, .outbound = roofing_outbound,
    .services = SAYS("flashing", "gutters", "ridge vent", "full replacement", "skylight", "leak repair"),
    .times = demo_times_office, .amounts = demo_amounts_large,
};

static const struct demo_topic realty_inbound[] = {
    { 20, "Showing booked", 1080, MOOD_HAPPY,
      SAYS("{name} wants to see {street} on {day} at {time}; {staff} hosts.",
           "Pre-approved buyer, {service}. Showing of {street} on {day}.",
           "Called from the yard sign at {street}. Sent the listing, booked {time}.") },
    { 11, "Lead qualified", 1350, MOOD_HAPPY,
      SAYS("Looking for a {service}, budget set, wants to move by spring. Passed to {staff}.",
           "{first} sells first, then buys. Valuation visit on {day} with {staff}.") },
    { 8, "Question answered", 620, MOOD_EVEN,
      SAYS("Asked about taxes and the age of the roof at {street}.",
           "{street} is under contract; offered two similar homes.") },
    { 5, "Rescheduled", 560, MOOD_EVEN, SAYS("Showing of {street} moved to {day} at {time}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic realty_outbound[] = {
    { 9, "Showing booked", 980, MOOD_HAPPY,
      SAYS("{name} liked the new listing at {street}; showing on {day} at {time}.",
           "Comes to the open house on {day} with the family.") },
    { 7, "Valuation booked", 1200, MOOD_HAPPY,
      SAYS("Listing expired last month. {name} agrees to a valuation with {staff} on {day}.") },
    { 9, "Follow up later", 640, MOOD_EVEN,
      SAYS("Not before next year; set a reminder.", "{first} is waiting for rates to fall.") },
    { 8, "Not interested", 320, MOOD_UPSET,
      SAYS("Works with another agent.", "Not selling; marked do-not-call.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_realty = {
    .weekdays = demo_week_realty, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = realty_inbound, .outbound = realty_outbound,
    .services = SAYS("three-bedroom house", "condo downtown", "starter home", "place with a yard", "duplex",
                     "house near good schools"),
    .times = demo_times_office, .amounts = demo_amounts_large,
};

static const struct demo_topic property_inbound[] = {
    { 22, "Work order opened", 1080, MOOD_EVEN,
      SAYS("{service} not working at {street}. Work order opened, entry permitted, {staff} informed.",
           "{name} reports a problem with the {service}; maintenance comes on {day} at {time}.",
           "Neighbor above has a leak; two work orders opened for {street}.") },
    { 10, "Emergency paged", 980, MOOD_UPSET,
      SAYS("No heat at {street}. Paged on-call maintenance; {name} updated by text.",
           "Locked out with a child inside. Locksmith on the way.") },
    { 9, "Rent question", 900, MOOD_EVEN,
      SAYS("Payment of {amount} shows as pending. Confirmed it went through.",
           "{first} asks for a late-fee waiver; passed to {staff}.") },
    { 8, "Tour booked", 860, MOOD_HAPPY, SAYS("Wants to see the two-bedroom at {street} on {day} at {time}.") },
    { 5, "Lease question", 1150, MOOD_EVEN,
      SAYS("Asked about adding a roommate. Application link sent.",
           "Lease ends in two months; {staff} to send the renewal.") },
    { 3, "Noise complaint", 840, MOOD_UPSET,
      SAYS("Music after midnight at {street}, third call this month. Logged for {staff}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic property_outbound[] = {
    { 9, "Promise to pay", 760, MOOD_EVEN,
      SAYS("{name} pays {amount} on {day}.", "Paycheck is late; agreed on {day}.") },
    { 7, "Renewal interest", 900, MOOD_HAPPY,
      SAYS("{first} wants to renew for a year; {staff} sends the offer.") },
    { 4, "Dispute", 1100, MOOD_UPSET,
      SAYS("Says the rent was paid. Took the confirmation number for {staff}.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_property = {
    .weekdays = demo_week_homes, .hours = demo_hours_homes, .weekend_hours = demo_hours_homes,
    .is_round_the_clock = true, .inbound = property_inbound, .outbound = property_outbound,
    .services = SAYS("dishwasher", "heating", "kitchen faucet", "garbage disposal", "intercom", "washer",
                     "hallway light", "garage door"),
    .times = demo_times_office, .amounts = demo_amounts_large,
};

static const struct demo_topic solar_inbound[] = {
    { 12, "Consultation booked", 1200, MOOD_HAPPY,
      SAYS("{name} saw the neighbors' panels. Video consultation on {day} at {time}.",
           "Power bill of {amount}; design call with {staff} on {day}.") },
    { 8, "Status update", 700, MOOD_EVEN,
      SAYS("Permit for {street} is with the city; told {first} two more weeks.") },
    { 5, "Service issue", 1150, MOOD_UPSET,
      SAYS("Inverter shows a fault at {street}. Ticket opened, {staff} calls back today.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic solar_outbound[] = {
    { 9, "Consultation booked", 1250, MOOD_HAPPY,
      SAYS("Owns the house, bill of {amount} a month, roof faces south. Consultation on {day} at {time}.",
           "{name} asked for the numbers first; sent the estimate and booked {staff} for {day}.") },
    { 10, "Call back later", 520, MOOD_EVEN,
      SAYS("{first} is driving; call again on {day} at {time}.", "Spouse decides too; call in the evening.") },
    { 8, "Not qualified", 480, MOOD_EVEN,
      SAYS("Rents the house.", "Roof is to be replaced next year; set a reminder.",
           "Too much shade by the description.") },
    { 12, "Not interested", 260, MOOD_UPSET,
      SAYS("Did not remember the web form and hung up.", "Has signed with someone else.",
           "Asked to be removed.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_solar = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = solar_inbound, .outbound = solar_outbound,
    .services = SAYS("panels", "battery", "EV charger"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};
/* clang-format on */
