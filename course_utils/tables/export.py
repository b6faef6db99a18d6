"""The raw export: the patron file and the checkouts as a vendor would get them, with names and titles."""

from course_utils.tables.schema import DAY, PHYSICAL, Column, Table

LIBRARIES = ("pemai", "penor", "pehar", "pebkm")
LAST = DAY["maximum"]

TABLES = (
    Table(
        "export_patrons",
        "Raw export: patrons",
        "The patron file as it would leave the library for a vendor, with names and addresses, for the lessons on"
        " privacy and on duplicate records. All persons are invented. The postal codes (00021 to 00033) and the phone"
        " numbers (555-0100 to 555-0199) belong to nobody, and mail to the addresses at example.com, example.net and"
        " example.org reaches nobody. Nearly everything is text, as in the file, and not all of it is right:"
        " the headings are repeated, some cards are test cards, birth dates are written in three ways, and some letters"
        " are garbled. A person with two cards is here twice. There is no common number, but dates and branch together"
        " link nearly every record to the patron file: week 2 shows it.",
        (
            Column("line", "integer", "Line of the file; the headings are line 1.", unique=True, minimum=2),
            Column(
                "record_number",
                "integer",
                "Number of the record in the export; missing on a line that repeats the headings. It is not the"
                " patron_id of the other tables, and no table holds both.",
                required=False,
                unique=True,
                minimum=1,
            ),
            Column("barcode", "string", "The 14 digits on the card."),
            Column("last_name", "string", "Last name, as it was typed, and as the upload garbled it."),
            Column("first_name", "string", "First name, as it was typed, and as the upload garbled it."),
            Column(
                "birth_date",
                "string",
                "Day of birth, as 1984-03-07; from the old system, month first, as 03/07/1984; on e-cards, as"
                " 7-Mar-1984. Where nobody knew it, 01/01/1900.",
            ),
            Column("address", "string", "House number, street and apartment. All streets are invented."),
            Column("postal_code", "string", "Five digits, beginning with zeros. No such code is in use."),
            Column(
                "phone",
                "string",
                "Phone number; missing if there is none. There are only a hundred of them, so many people seem to share"
                " one.",
                required=False,
            ),
            Column(
                "email",
                "string",
                "E-mail address; missing if there is none. On a child's card it is mostly a parent's.",
                required=False,
            ),
            Column(
                "home_library",
                "string",
                "Code of the branch: pemai (main), penor (Northgate), pehar (Harbor), pebkm (bookmobile).",
            ),
            Column(
                "patron_type", "string", "Type of card: 1 adult, 2 young adult, 3 child, 4 senior, 7 e-card."
            ),
            Column("created", "string", "Day the card was issued, as 2025-08-31."),
            Column("expires", "string", "Last day the card is valid."),
            Column("last_activity", "string", "Latest day of use; missing if never used.", required=False),
            Column("money_owed", "string", "For lost and damaged items, in US dollars."),
            Column(
                "guardian",
                "integer",
                "On a child's card: the record of a parent or guardian with a card; missing if none is named.",
                required=False,
                foreign_key="export_patrons.record_number",
            ),
            Column(
                "privacy_choice",
                "string",
                "May the library share this record with a company? yes or no; missing if the card is older than the"
                " question, which has been on the form since 2021.",
                required=False,
            ),
            Column(
                "purge_after",
                "string",
                "By the library's own schedule, the last day on which it may keep the record: three years after the"
                " card has expired, or after the latest use if that is later.",
            ),
            Column("note", "string", "What staff wrote on the record; missing if nothing.", required=False),
        ),
        key=("line",),
        gzip=True,
    ),
    Table(
        "export_checkouts",
        "Raw export: checkouts",
        "Print and other physical items lent in the last six months, with their titles. The library itself cuts the"
        " link between person and title when an item comes back; the nightly upload to the vendor had copied it"
        " before.",
        (
            Column(
                "transaction_number", "integer", "Number of the loan in the upload.", unique=True, minimum=1
            ),
            Column(
                "record_number",
                "integer",
                "Who borrowed it.",
                foreign_key="export_patrons.record_number",
            ),
            Column("title", "string", "Title, as in items."),
            Column("item_type", "category", "Kind of material.", categories=PHYSICAL),
            Column("subject", "string", "Subject heading, as in items."),
            Column("checkout_location", "category", "Branch that lent it.", categories=LIBRARIES),
            Column("checkout_date", "date", "Day it was lent.", minimum=DAY["minimum"], maximum=LAST),
            Column("due_date", "date", "Day it was or is due, after all renewals."),
            Column(
                "renewals",
                "integer",
                "Renewals so far, by the patron or by the system.",
                minimum=0,
                maximum=2,
            ),
        ),
        key=("transaction_number",),
        gzip=True,
    ),
)
