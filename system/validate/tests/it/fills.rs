//! Fills: names, exclusions and bookings.

use jiff::civil::{Date, Time};
use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::{Context, Kind, Mode, Outcome, validate};

use crate::support::{people, reasons, remarks};

fn fill(worker_id: &str, name: Option<&str>, context: &Context) -> Outcome {
    let name = name.map(|name| format!(r#","name":{}"#, json::string(name)));
    let name = name.unwrap_or_default();
    let artifact = format!(r#"{{"fills":[{{"worker_id":"{worker_id}"{name}}}]}}"#);
    let artifact = json::parse(&artifact, MAX_DEPTH).unwrap();
    validate(Kind::Fill, &artifact, context, &people(), Mode::All)
}

#[test]
fn a_name_is_the_same_in_another_spelling() {
    for (id, name) in [
        ("w-1003", "Seán O’Brien"),
        ("w-1003", "Sean OBrien"),
        ("w-1004", "Jose\u{301} Nu\u{301}n\u{303}ez"),
        ("w-1004", "JOSÉ NÚÑEZ"),
        ("w-1001", "Ana  Ruiz"),
        ("w-1001", "Ana Ruiz "),
        ("w-1006", "Mary Kate de la Cruz"),
    ] {
        let outcome = fill(id, Some(name), &Context::default());
        assert_eq!(reasons(&outcome), [""; 0], "{name}");
    }
    assert_eq!(
        reasons(&fill("w-1001", Some("Anna Ruiz"), &Context::default())),
        ["Consistency: worker `w-1001` is called `Ana Ruiz`, not `Anna Ruiz`"]
    );
}

#[test]
fn places_and_roles_are_the_same_in_another_spelling() {
    let context = Context {
        role: Some("MACHINE  operator".to_owned()),
        city: Some("St. Paul".to_owned()),
        state: Some("mn ".to_owned()),
        ..Context::default()
    };
    assert!(fill("w-1004", None, &context).passed());
}

fn for_client(client: &str) -> Outcome {
    let context = Context {
        client: Some(client.to_owned()),
        ..Context::default()
    };
    fill("w-1002", None, &context)
}

#[test]
fn exclusions_fail_closed() {
    for client in [
        "Beacon Freight ",
        "Beacon  Freight",
        "Beacon Freight.",
        "Beacon Freight Inc",
        "BEACON FREIGHT LLC",
        "Beacon-Freight",
    ] {
        let want = format!("Policy: worker `w-1002` is excluded for client `{client}`");
        assert_eq!(reasons(&for_client(client)), [want]);
    }
    for client in ["Becon Freight", "Beacon Freight - Detroit"] {
        let want = format!(
            "Policy: worker `w-1002` is excluded for client `Beacon Freight`, which is taken for \
             `{client}`"
        );
        assert_eq!(reasons(&for_client(client)), [want]);
    }
    assert_eq!(
        remarks(&for_client("Beacon")),
        [
            "fills[0].worker_id: worker `w-1002` is excluded for client `Beacon Freight`, which \
          is near `Beacon`"
        ]
    );
    assert_eq!(remarks(&for_client("Harbor Freight")), [""; 0]);
}

fn on(date: Option<Date>, start: Option<i8>, end: Option<i8>) -> Outcome {
    let time = |hour: i8| Time::constant(hour, 0, 0, 0);
    let context = Context {
        date,
        start: start.map(time),
        end: end.map(time),
        ..Context::default()
    };
    fill("w-1001", None, &context)
}

#[test]
fn bookings_that_cannot_be_checked_are_reported() {
    let monday = Some(Date::constant(2026, 5, 4));
    assert_eq!(
        remarks(&on(monday, Some(7), None)),
        ["context.end: bookings are not checked: the context has no end"]
    );
    assert_eq!(
        remarks(&on(None, Some(7), None)),
        ["context.date: bookings are not checked: the context has no date and no end"]
    );
    assert_eq!(
        remarks(&on(monday, None, None)),
        [
            "context.start: bookings are not checked: the context has no start and no end",
            "fills[0].worker_id: worker `w-1001` is also booked on 2026-05-04 from 06:00 to 14:00",
            "fills[0].worker_id: worker `w-1001` is also booked on 2026-05-04 from 22:00 to 06:00",
        ]
    );
    assert_eq!(remarks(&on(None, None, None)), [""; 0]);
}

#[test]
fn neighbouring_bookings_are_reported_across_midnight() {
    let tuesday = Some(Date::constant(2026, 5, 5));
    let night =
        "fills[0].worker_id: worker `w-1001` is also booked on 2026-05-04 from 22:00 to 06:00";
    assert_eq!(remarks(&on(tuesday, Some(6), Some(13))), [night]);
    assert_eq!(
        reasons(&on(tuesday, Some(5), Some(13))),
        ["Policy: worker `w-1001` is booked on 2026-05-04 from 22:00 to 06:00"]
    );
    let wednesday = Some(Date::constant(2026, 5, 6));
    assert_eq!(remarks(&on(wednesday, Some(6), Some(13))), [""; 0]);
}
