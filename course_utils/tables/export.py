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
        " example.org reaches nobody. A person with two cards is here twice. Postal codes begin with zeros:"
        " read them as text. There is no common number, but dates and branch together link nearly every record to the"
        " patron file: week 2 shows it.",
        (
            Column(
                "record_number",
                "integer",
                "Number of the record in the export. It is not the patron_id of the other tables, and no table holds both.",
                unique=True,
                minimum=1,
            ),
            Column("barcode", "string", "The 14 digits on the card.", unique=True),
            Column("last_name", "string", "Last name, as it was typed."),
            Column("first_name", "string", "First name, as it was typed."),
            Column("birth_date", "date", "Day of birth.", maximum=LAST),
            Column("address", "string", "House number, street and flat. All streets are invented."),
            Column("postal_code", "string", "Five digits. No such code is in use."),
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
                "category",
                "Code of the branch: main, Northgate, Harbor, bookmobile.",
                categories=LIBRARIES,
            ),
            Column(
                "patron_type",
                "integer",
                "Kind of card: 1 adult, 2 young adult, 3 child, 4 senior, 7 e-card.",
                minimum=1,
                maximum=7,
            ),
            Column("created", "date", "Day the card was issued.", maximum=LAST),
            Column("expires", "date", "Last day the card is valid."),
            Column(
                "last_activity",
                "date",
                "Latest day of use; missing if never used.",
                required=False,
                maximum=LAST,
            ),
            Column("money_owed", "number", "For lost and damaged items.", "US dollars", minimum=0),
        ),
        key=("record_number",),
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
