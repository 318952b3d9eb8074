"""Times taken, from calendars as Google, Outlook and Apple export them, and from broken ones."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.freebusy import LARGEST, MOST_INTERVALS, Busy, read_busy

SINCE = datetime(2026, 10, 19, tzinfo=UTC)
UNTIL = SINCE + timedelta(
    days=14
)  # on 25 October clocks go back in Europe, on 1 November in America

GOOGLE = """\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:eleni@athens.example
X-WR-TIMEZONE:Europe/Athens
BEGIN:VTIMEZONE
TZID:Europe/Athens
X-LIC-LOCATION:Europe/Athens
BEGIN:DAYLIGHT
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
TZNAME:GMT+3
DTSTART:19700329T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
TZNAME:GMT+2
DTSTART:19701025T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Athens:20180903T093000
DTEND;TZID=Europe/Athens:20180903T100000
RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20261231T215959Z;BYDAY=MO,TH
EXDATE;TZID=Europe/Athens:20261022T093000
DTSTAMP:20261001T120000Z
UID:standup@google.com
SEQUENCE:2
STATUS:CONFIRMED
SUMMARY:Secret stand-up\\, with a very long title that is folded over more than
  one line of the file
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P0DT0H10M0S
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Athens:20261027T150000
DTEND;TZID=Europe/Athens:20261027T153000
UID:standup@google.com
RECURRENCE-ID;TZID=Europe/Athens:20261026T093000
SEQUENCE:3
STATUS:CONFIRMED
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART:20261020T070000Z
DTEND:20261020T080000Z
ORGANIZER;CN=Marc:mailto:marc@paris.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=Eleni;X
 -NUM-GUESTS=0:mailto:Eleni@Athens.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:marc@paris.example
UID:declined@google.com
STATUS:CONFIRMED
END:VEVENT
BEGIN:VEVENT
DTSTART:20261021T070000Z
DTEND:20261021T080000Z
ATTENDEE;PARTSTAT=ACCEPTED:mailto:eleni@athens.example
ATTENDEE;PARTSTAT=DECLINED:mailto:marc@paris.example
UID:accepted@google.com
STATUS:TENTATIVE
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261023
DTEND;VALUE=DATE:20261024
UID:birthday@google.com
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
DTSTART:20261022T070000Z
DTEND:20261022T080000Z
UID:cancelled@google.com
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """\
BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
BEGIN:VTIMEZONE
TZID:GTB Standard Time
BEGIN:STANDARD
DTSTART:16011028T040000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
DTEND;TZID="GTB Standard Time":20261023T110000
DTSTART;TZID="GTB Standard Time":20261023T100000
RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=FR
SEQUENCE:0
SUMMARY;LANGUAGE=en-us:Board
TRANSP:OPAQUE
UID:040000008200E00074C5B7101A82E008
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID="Customized Time Zone":20261030T090000
DURATION:PT45M
RRULE:FREQ=DAILY;COUNT=3
UID:customised
X-MICROSOFT-CDO-BUSYSTATUS:OOF
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID="GTB Standard Time":20261020T100000
DTEND;TZID="GTB Standard Time":20261020T110000
UID:free
X-MICROSOFT-CDO-BUSYSTATUS:FREE
END:VEVENT
END:VCALENDAR
"""

APPLE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 15.1//EN
CALSCALE:GREGORIAN
X-APPLE-CALENDAR-COLOR:#1BADF8
BEGIN:VEVENT
UID:8B1D0C62-4D3E-4F0B-9B55-2A3B9C1C0001
DTSTART;VALUE=DATE:20261024
DTEND;VALUE=DATE:20261026
SUMMARY:Holiday
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
END:VEVENT
BEGIN:VEVENT
UID:8B1D0C62-4D3E-4F0B-9B55-2A3B9C1C0002
DTSTART:20261028T080000
DTEND:20261028T090000
SUMMARY:Floating
END:VEVENT
BEGIN:VEVENT
UID:8B1D0C62-4D3E-4F0B-9B55-2A3B9C1C0003
DTSTART;TZID=America/New_York:20261029T090000
DTEND;TZID=America/New_York:20261029T100000
RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=-1TH
END:VEVENT
END:VCALENDAR
"""


def _read(text, zone="Europe/Athens", *, since=SINCE, until=UNTIL, **more):
    data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
    return read_busy(data, since=since, until=until, zone=zone, **more)


def _times(text, zone="Europe/Athens", **more):
    place = ZoneInfo(zone)
    return [
        f"{start.astimezone(place):%d %H:%M} {end.astimezone(place):%d %H:%M}"
        for start, end in _read(text, zone, **more).intervals
    ]


def _calendar(*events):
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event.split(), "END:VEVENT")]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def test_google_a_series_with_an_hour_moved_and_one_left_out_over_the_change_of_clocks():
    assert _times(GOOGLE) == [
        "19 09:30 19 10:00",
        "21 10:00 21 11:00",  # tentative, and declined by another
        "27 15:00 27 15:30",  # moved from the 26th
        "29 09:30 29 10:00",
    ]
    busy = _read(GOOGLE)
    assert busy.events == 6
    assert busy.intervals[0][0] == datetime(2026, 10, 19, 6, 30, tzinfo=UTC)
    assert busy.intervals[-1][0] == datetime(2026, 10, 29, 7, 30, tzinfo=UTC)
    assert {moment.tzinfo for one in busy.intervals for moment in one} == {UTC}


def test_nothing_but_times_is_kept():
    busy = _read(GOOGLE)
    assert set(Busy.__dataclass_fields__) == {"intervals", "events"}
    assert "Secret" not in repr(busy)


def test_what_the_owner_declined_is_known_by_their_address_too():
    text = GOOGLE.replace("X-WR-CALNAME:eleni@athens.example", "X-WR-CALNAME:Work")
    assert "20 10:00 20 11:00" in _times(text)
    assert _times(text, owners=["mailto:ELENI@athens.example"]) == _times(GOOGLE)


def test_outlook_names_of_windows_and_zones_that_travel_along():
    assert _times(OUTLOOK) == [
        "23 10:00 23 11:00",
        "30 10:00 30 11:00",
        "30 15:00 30 15:45",  # 9:00 in New York in summer, when Athens has winter
        "31 15:00 31 15:45",
        "01 16:00 01 16:45",
    ]


def test_apple_whole_days_floating_times_and_the_last_thursday():
    assert _times(APPLE) == ["24 00:00 26 00:00", "28 08:00 28 09:00", "29 15:00 29 16:00"]
    assert _times(APPLE, "America/New_York") == [
        "24 00:00 26 00:00",
        "28 08:00 28 09:00",
        "29 09:00 29 10:00",
    ]
    # Two days over the change of clocks have 49 hours.
    start, end = _read(APPLE).intervals[0]
    assert end - start == timedelta(hours=49)


def test_busy_times_without_events():
    text = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VFREEBUSY
UID:1
DTSTART:20261019T000000Z
DTEND:20261031T000000Z
FREEBUSY;FBTYPE=BUSY:20261020T070000Z/20261020T080000Z,20261020T080000Z/PT30M
FREEBUSY:20261021T070000Z/PT1H
FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261022T070000Z/P1D
FREEBUSY;FBTYPE=FREE:20261025T070000Z/PT1H
END:VFREEBUSY
END:VCALENDAR
"""
    assert _times(text, "UTC") == [
        "20 07:00 20 08:30",
        "21 07:00 21 08:00",
        "22 07:00 23 07:00",
    ]


def test_times_that_touch_or_overlap_are_one_and_end_at_the_days_asked_for():
    text = _calendar(
        "DTSTART:20261020T070000Z DTEND:20261020T080000Z",
        "DTSTART:20261020T080000Z DTEND:20261020T090000Z",
        "DTSTART:20261020T083000Z DTEND:20261020T084500Z",
        "DTSTART:20261001T000000Z DTEND:20261019T010000Z",
        "DTSTART:20261101T230000Z DTEND:20261201T010000Z",
        "DTSTART:20261020T120000Z",  # a moment takes no time
    )
    assert _times(text, "UTC") == [
        "19 00:00 19 01:00",
        "20 07:00 20 09:00",
        "01 23:00 02 00:00",
    ]


@pytest.mark.parametrize(
    ("event", "times"),
    [
        # An end on a day counts to its end, in the zone of the event.
        (
            (
                "DTSTART;TZID=America/New_York:20261019T200000 DURATION:PT1H"
                " RRULE:FREQ=DAILY;UNTIL=20261021"
            ),
            ["20 00:00 20 01:00", "21 00:00 21 01:00", "22 00:00 22 01:00"],
        ),
        (
            "DTSTART;VALUE=DATE:20261019 RRULE:FREQ=WEEKLY;UNTIL=20261026",
            ["19 00:00 20 00:00", "26 00:00 27 00:00"],
        ),
        # A day left out leaves out what begins on it.
        (
            (
                "DTSTART:20261019T100000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=3"
                " EXDATE;VALUE=DATE:20261020"
            ),
            ["19 10:00 19 11:00", "21 10:00 21 11:00"],
        ),
        (
            (
                "DTSTART:20261019T100000Z DTEND:20261019T110000Z"
                " RDATE;VALUE=PERIOD:20261020T100000Z/PT3H,20261021T100000Z/20261021T103000Z"
                " RDATE:20261022T100000Z"
            ),
            [
                "19 10:00 19 11:00",
                "20 10:00 20 13:00",
                "21 10:00 21 10:30",
                "22 10:00 22 11:00",
            ],
        ),
        # A series that was moved as a whole ends before it begins.
        ("DTSTART:20261019T100000Z DURATION:PT1H RRULE:FREQ=DAILY;UNTIL=20261018T000000Z", []),
        # It began long before, and reaches over midnight into the first day.
        (
            "DTSTART:20200101T233000Z DTEND:20200102T003000Z RRULE:FREQ=WEEKLY;BYDAY=SU;INTERVAL=2",
            ["19 00:00 19 00:30", "01 23:30 02 00:00"],
        ),
        (
            "DTSTART:20000126T100000Z DURATION:PT1H RRULE:FREQ=MONTHLY;INTERVAL=3",
            ["26 10:00 26 11:00"],
        ),
        ("DTSTART:19671026T100000Z DURATION:PT1H RRULE:FREQ=YEARLY", ["26 10:00 26 11:00"]),
        (
            "DTSTART:20260131T100000Z DURATION:PT1H RRULE:FREQ=MONTHLY",
            ["31 10:00 31 11:00"],
        ),
        # Apple and Google add what says nothing.
        (
            "DTSTART:20201026T100000Z DURATION:PT1H RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT",
            ["26 10:00 26 11:00"],
        ),
        # Holidays of calendarlabs.com; makers that write a rule as a text, or a count of none.
        ("DTSTART:20261026T100000Z DURATION:PT1H RRULE: RDATE: EXDATE:", ["26 10:00 26 11:00"]),
        (
            "DTSTART:20261026T100000Z DURATION:PT1H RRULE:FREQ=DAILY\\;UNTIL=20261027",
            ["26 10:00 26 11:00", "27 10:00 27 11:00"],
        ),
        (
            "DTSTART:20261001T100000Z DURATION:PT1H RRULE:FREQ=WEEKLY;COUNT=-1;INTERVAL=4",
            ["29 10:00 29 11:00"],
        ),
        # Seconds are no harm where they are few.
        (
            "DTSTART:20261019T100000Z DURATION:PT1S RRULE:FREQ=SECONDLY;COUNT=60",
            ["19 10:00 19 10:01"],
        ),
        ("DTSTART:20261020T100000Z DTEND:20261020T090000Z", ["20 09:00 20 10:00"]),
        ("DTSTART;VALUE=DATE:20261020 DTEND;VALUE=DATE:20261020", ["20 00:00 21 00:00"]),
        ("DTSTART:20261020T100000Z DURATION:P1DT2H", ["20 10:00 21 12:00"]),
        (
            "DTSTART;TZID=/citadel.org/20250101_1/Europe/Athens:20261020T100000 DURATION:PT1H",
            ["20 07:00 20 08:00"],
        ),
    ],
)
def test_how_events_repeat_and_end(event, times):
    assert _times(_calendar("UID:1 " + event), "UTC") == times


def test_an_hour_that_repeats_stays_where_the_clocks_of_its_place_put_it():
    text = _calendar(
        "DTSTART;TZID=Europe/Paris:20150105T090000 DURATION:PT30M RRULE:FREQ=DAILY;BYDAY=SU"
    )
    assert _times(text, "UTC") == ["25 08:00 25 08:30", "01 08:00 01 08:30"]
    before = datetime(2026, 10, 12, tzinfo=UTC)
    assert _times(text, "UTC", since=before, until=SINCE) == ["18 07:00 18 07:30"]


def test_exceptions_cancelled_moved_from_afar_and_all_that_follow():
    series = "UID:a DTSTART:20261019T100000Z DURATION:PT1H RRULE:FREQ=DAILY;COUNT=6"
    text = _calendar(
        series,
        "UID:a RECURRENCE-ID:20261020T100000Z DTSTART:20261020T100000Z STATUS:CANCELLED",
        "UID:a RECURRENCE-ID:20261021T100000Z DTSTART:20261021T120000Z DURATION:PT2H"
        " TRANSP:TRANSPARENT",
        "UID:a RECURRENCE-ID;RANGE=THISANDFUTURE:20261022T100000Z DTSTART:20261022T130000Z"
        " DURATION:PT2H",
        "UID:b RECURRENCE-ID:20200101T100000Z DTSTART:20261030T100000Z DURATION:PT1H",
    )
    assert _times(text, "UTC") == [
        "19 10:00 19 11:00",
        "22 13:00 22 15:00",
        "23 13:00 23 15:00",
        "24 13:00 24 15:00",
        "30 10:00 30 11:00",
    ]


def test_makers_that_name_all_events_alike_and_older_editions():
    text = _calendar(
        "UID:a SEQUENCE:1 DTSTART:20261020T100000Z DURATION:PT1H",
        "UID:a SEQUENCE:1 DTSTART:20261021T100000Z DURATION:PT1H",
        "UID:a SEQUENCE:0 DTSTART:20261022T100000Z DURATION:PT1H",
    )
    assert _times(text, "UTC") == ["20 10:00 20 11:00", "21 10:00 21 11:00"]


def test_several_calendars_in_one_file_an_empty_one_and_other_encodings():
    event = _calendar("DTSTART:20261020T100000Z DURATION:PT1H")
    assert _times(event + event.replace("1020", "1021"), "UTC") == [
        "20 10:00 20 11:00",
        "21 10:00 21 11:00",
    ]
    assert _read(_calendar()) == Busy((), 0)
    for data in (
        b"\xef\xbb\xbf" + event.encode(),
        event.encode("utf-16"),
        event.replace("VERSION", "X-A:\xe9\nVERSION").encode("latin-1"),
        event.replace("\n", "\r").encode(),
        event.replace("BEGIN:VEVENT", "begin:vevent").replace("DTSTART", "DtStart").encode(),
    ):
        assert _times(data, "UTC") == ["20 10:00 20 11:00"]


def test_lotus_exceptions_that_repeat_and_clocks_that_say_their_hour_twice():
    text = """\
BEGIN:VCALENDAR
PRODID:-//Lotus Development Corporation//NONSGML Notes 9.0.1//EN_C
BEGIN:VTIMEZONE
TZID:Western/Central Europe
BEGIN:STANDARD
DTSTART:19501029T020000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19500326T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3;BYHOUR=2;BYMINUTE=0
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:Lotus_Notes_Generated
RECURRENCE-ID;RANGE=THISANDFUTURE:20261020T140000Z
DTSTART;TZID="Western/Central Europe":20261020T160000
DTEND;TZID="Western/Central Europe":20261020T163000
RDATE;TZID="Western/Central Europe";VALUE=PERIOD:20261020T160000/20261020
 T163000,20261027T160000/20261027T170000
END:VEVENT
END:VCALENDAR
"""
    assert _times(text, "UTC") == ["20 14:00 20 14:30", "27 15:00 27 16:00"]


def test_what_takes_no_time_need_not_be_readable():
    text = _calendar(
        "DTSTART:soon TRANSP:TRANSPARENT",
        "DTSTART:20261020T100000Z RRULE:FREQ=OFTEN STATUS:CANCELLED",
        "DTSTART:20261020T100000Z DURATION:PT1H",
    )
    assert _times(text, "UTC") == ["20 10:00 20 11:00"]


def test_old_events_need_not_be_readable():
    text = _calendar(
        "DTSTART;TZID=Nowhere:20200101T100000 DTEND;TZID=Nowhere:20200101T110000",
        "DTSTART:20261020T100000Z DURATION:PT1H",
        "DTSTART;TZID=Nowhere:20990101T100000",
    )
    assert _read(text).events == 3
    assert _times(text, "UTC") == ["20 10:00 20 11:00"]


def _refusal(text, **more):
    with pytest.raises(InvalidInput) as caught:
        _read(text, **more)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "This file is empty."),
        (" \n\n", "This file is empty."),
        ("<!DOCTYPE html><title>Sign in</title>", "This isn’t a calendar."),
        (b"PK\x03\x04\x00\x00", "This isn’t a calendar."),
        (b"\x00" * 50, "This isn’t a calendar."),
        (GOOGLE[:1500], "This calendar isn’t complete."),
        (GOOGLE.replace("END:VEVENT", "END:VTODO"), "This calendar isn’t complete."),
        ("X" * (LARGEST + 1), "This file is larger than 5 MB."),
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(text, message):
    assert _refusal(text).startswith(message)


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:Secret",
        "DTSTART:soon",
        "DTSTART:20261332T100000Z",
        "DTSTART:20261020T250000Z",
        "DTSTART;TZID=Nowhere:20261020T100000",
        "DTSTART:20261020T100000Z DTEND:later",
        "DTSTART:20261020T100000Z DURATION:long",
        "DTSTART:20261020T100000Z DURATION:P99999999999D",
        "DTSTART:20261020T100000Z RRULE:FREQ=OFTEN",
        "DTSTART:20261020T100000Z RRULE:INTERVAL=2",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;FREQ=SECONDLY",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;INTERVAL=0",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;INTERVAL=9999999",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;COUNT=0",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;BYMONTH=13",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;BYMONTHDAY=0",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;BYHOUR=24",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;BYDAY=XX",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;BYEASTER=1",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;UNTIL=never",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY;" + "BYDAY=MO" + ",MO" * 200,
        "DTSTART:20261020T100000Z RRULE:RSCALE=HEBREW;FREQ=DAILY",
        "DTSTART:20261020T100000Z RDATE:tomorrow",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY EXDATE:tomorrow",
        "DTSTART:20261020T100000Z RRULE:FREQ=DAILY RRULE:FREQ=DAILY;X=1",
        "DTSTART:99991231T230000Z RRULE:FREQ=YEARLY DURATION:PT2H",
    ],
)
def test_an_event_that_cannot_be_read_is_named_by_its_number_only(event):
    text = _calendar("DTSTART:20261020T080000Z DURATION:PT1H", event)
    message = _refusal(text)
    assert message.startswith("Event number 2 in this calendar has a time, a time zone or a repet")
    assert "Secret" not in message


def _upto(most):
    return ",".join(map(str, range(most)))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;INTERVAL=30",
        "FREQ=MINUTELY;BYSECOND=0,20,40",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=2;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;BYDAY=MO,TU;BYSETPOS=2",
        f"FREQ=DAILY;BYHOUR={_upto(24)};BYMINUTE={_upto(60)};BYSECOND=0,10,20,30,40,50",
        "FREQ=SECONDLY;COUNT=999999",
    ],
)
def test_a_rule_without_end_is_refused_before_it_is_followed(rule):
    text = _calendar(f"DTSTART:20261019T100000Z DURATION:PT1M RRULE:{rule}")
    assert _refusal(text).startswith("Event number 1 in this calendar repeats too often")


def test_rules_that_never_come_true_are_few_or_refused():
    never = "DTSTART:20260201T100000Z DURATION:PT1H RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    assert _times(_calendar(never), "UTC") == []
    assert "Event number 7 " in _refusal(_calendar(*[f"UID:{n} {never}" for n in range(20)]))


def test_years_of_daily_meetings_are_no_harm():
    many = [
        f"UID:{n} DTSTART:19990104T{n % 24:02}0000Z DURATION:PT10M RRULE:FREQ=WEEKLY;BYDAY=MO,FR"
        for n in range(500)
    ]
    assert len(_read(_calendar(*many)).intervals) == 4 * 24


def test_more_times_than_one_can_look_through_are_refused():
    events = []
    for number in range(MOST_INTERVALS + 1):
        start = SINCE + timedelta(minutes=number)
        events.append(f"DTSTART:{start:%Y%m%dT%H%M%SZ} DURATION:PT30S")
    until = SINCE + timedelta(days=20)
    assert len(_read(_calendar(*events[1:]), until=until).intervals) == MOST_INTERVALS
    assert _refusal(_calendar(*events), until=until).startswith(
        "This calendar has more than 20000 busy times"
    )


@pytest.mark.parametrize("source", [GOOGLE, OUTLOOK, APPLE])
def test_whatever_a_file_says_it_is_read_or_refused(source):
    dice = random.Random(source)
    lines = source.splitlines()
    letters = '0123456789TZ:;=,"-+PDFREQ\x00é'
    for _ in range(400):
        changed = list(lines)
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(changed))
            kind = dice.random()
            if kind < 0.3:
                del changed[at]
            elif kind < 0.5:
                changed.insert(at, dice.choice(lines))
            else:
                line = list(changed[at] or " ")
                line[dice.randrange(len(line))] = dice.choice(letters)
                changed[at] = "".join(line)
        try:
            busy = _read("\n".join(changed))
        except InvalidInput:
            continue
        assert all(SINCE <= start < end <= UNTIL for start, end in busy.intervals)


def test_days_that_cannot_be_asked_for():
    with pytest.raises(ValueError, match="until: "):
        _read(APPLE, until=SINCE - timedelta(seconds=1))
    with pytest.raises(ValueError, match="until: "):
        _read(APPLE, until=SINCE + timedelta(days=801))
    with pytest.raises(InvalidInput, match="no time zone"):
        _read(APPLE, "Nowhere")


def test_a_zone_with_more_changes_than_there_ever_were_is_not_followed():
    event = "DTSTART;TZID=Own:20261020T100000 DURATION:PT1H"
    part = "\n".join(
        (
            "BEGIN:STANDARD",
            "DTSTART:16010101T000000",
            "TZOFFSETFROM:+0900",
            "TZOFFSETTO:+0900",
            "END:STANDARD",
            "",
        )
    )

    def _with(count):
        zone = f"BEGIN:VTIMEZONE\nTZID:Own\n{part * count}END:VTIMEZONE\nBEGIN:VEVENT"
        return _calendar(event).replace("BEGIN:VEVENT", zone)

    assert _times(_with(100), "UTC") == ["20 01:00 20 02:00"]
    assert _refusal(_with(101)).startswith("Event number 1 ")
