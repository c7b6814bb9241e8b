#![expect(unreachable_pub, reason = "the macros make public types")]

use lakehouse_json::parse;
use serde_json::{Value, json};

use crate::{
    Components, Count, Deferred, Describe, NameCollision, Nullable, Read, read_body, to_text,
};

request! {
    /// A shift to fill.
    pub struct ShiftRequest<'a> {
        /// The client's name.
        pub client: &'a str,
        /// How many workers are needed.
        pub workers: Count<1, 50> = Count::new(1),
        /// The role they work as.
        pub role: Option<&'a str>,
    }
}

request! {
    /// A shift with a note.
    pub struct NotedShiftRequest<'a> {
        ..shift: ShiftRequest<'a>,
        /// Where it is.
        pub place: Option<Deferred<'a, Place<'a>>>,
    }
}

request! {
    /// A place.
    pub struct Place<'a> {
        /// Its city.
        pub city: &'a str,
    }
}

response! {
    /// A shift.
    pub struct Shift<'a> {
        /// Its type.
        pub r#type: &'a str,
        /// The role.
        pub role: Nullable<&'a str>,
        /// A note.
        pub note: Option<&'a str>,
    }
}

fn read(text: &str) -> Result<String, String> {
    let json = parse(text, 128).unwrap();
    let request: NotedShiftRequest = read_body(&json).map_err(|error| error.to_string())?;
    if let Some(place) = request.place.clone() {
        place
            .read_members("place.")
            .map_err(|error| error.to_string())?;
    }
    Ok(to_text(&request))
}

#[test]
fn requests_report_the_first_error() {
    let cases = [
        (r#"{"client":"c"}"#, Ok(r#"{"client":"c","workers":1}"#)),
        (
            r#"{"role":null,"place":{"city":"x"},"workers":2e0,"client":"c"}"#,
            Ok(r#"{"client":"c","workers":2,"place":{"city":"x"}}"#),
        ),
        (
            r#"{"workers":null,"client":"c","client":"d"}"#,
            Ok(r#"{"client":"d","workers":1}"#),
        ),
        (
            r#"{"more":1,"client":1}"#,
            Err("unknown field `more`; expected one of `client`, `workers`, `role`, `place`"),
        ),
        (r#"{"workers":0}"#, Err("missing field `client`")),
        (
            r#"{"client":null,"workers":0}"#,
            Err("field `client` must be a string"),
        ),
        (
            r#"{"client":"c","workers":51,"place":1}"#,
            Err("field `workers` must be an integer from 1 to 50"),
        ),
        (
            r#"{"client":"c","place":1,"role":1}"#,
            Err("field `role` must be a string"),
        ),
        (
            r#"{"client":"c","place":1}"#,
            Err("field `place` must be an object"),
        ),
        (
            r#"{"client":"c","place":{"town":"x"}}"#,
            Err("unknown field `place.town`; expected one of `city`"),
        ),
        (
            r#"{"client":"c","place":{}}"#,
            Err("missing field `place.city`"),
        ),
    ];
    for (text, want) in cases {
        let want = want.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(read(text), want, "{text}");
    }
    let json = parse("[]", 128).unwrap();
    let error = read_body::<ShiftRequest>(&json).unwrap_err();
    assert_eq!(error.to_string(), "must be a JSON object");
}

#[test]
fn unknown_members_of_responses_are_ignored() {
    let json = parse(r#"{"more":1,"role":null,"type":"t"}"#, 128).unwrap();
    let shift = Shift::read(&json).unwrap();
    assert_eq!(to_text(&shift), r#"{"type":"t","role":null}"#);
    let json = parse(r#"{"type":"t"}"#, 128).unwrap();
    assert_eq!(
        read_body::<Shift>(&json).unwrap_err().to_string(),
        "missing field `role`"
    );
    let json = parse(r#"{"type":"t","role":1}"#, 128).unwrap();
    assert_eq!(
        read_body::<Shift>(&json).unwrap_err().to_string(),
        "field `role` must be a string or null"
    );
}

#[test]
fn size_hints_cover_what_is_written() {
    let shift = Shift {
        r#type: "a type",
        role: Nullable(Some("a role")),
        note: Some("a note"),
    };
    let text = to_text(&shift);
    let hint = crate::Write::size_hint(&shift);
    assert!((text.len()..text.len() + 16).contains(&hint), "{hint}");
}

#[test]
fn schemas_have_the_members_limits_and_docs() {
    let mut components = Components::default();
    let reference = NotedShiftRequest::describe(&mut components);
    assert_eq!(
        serde_json::to_value(reference).unwrap(),
        json!({ "$ref": "#/components/schemas/NotedShiftRequest" })
    );
    Shift::describe(&mut components);
    let schemas = serde_json::to_value(components.finish().unwrap()).unwrap();
    let names: Vec<_> = schemas.as_object().unwrap().keys().collect();
    assert_eq!(names, ["NotedShiftRequest", "Place", "Shift"]);
    assert_eq!(
        schemas["NotedShiftRequest"],
        json!({
            "type": "object",
            "description": "A shift with a note.",
            "required": ["client"],
            "properties": {
                "client": { "type": "string", "description": "The client's name." },
                "workers": {
                    "type": ["integer", "null"],
                    "description": "How many workers are needed.",
                    "minimum": 1,
                    "maximum": 50,
                    "default": 1,
                },
                "role": {
                    "type": ["string", "null"],
                    "description": "The role they work as.",
                },
                "place": {
                    "description": "Where it is.",
                    "anyOf": [{ "$ref": "#/components/schemas/Place" }, { "type": "null" }],
                },
            },
            "additionalProperties": false,
        })
    );
    let shift = &schemas["Shift"];
    assert_eq!(shift["required"], json!(["type", "role"]));
    assert_eq!(
        shift["properties"]["role"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(shift["properties"]["note"]["type"], json!("string"));
    assert_eq!(shift["additionalProperties"], Value::Null);
}

/// A second shape with the name of [`Place`].
mod elsewhere {
    request! {
        /// Another place.
        pub struct Place<'a> {
            /// Its street.
            pub street: &'a str,
        }
    }
}

#[test]
fn two_types_of_one_component_name_are_reported() {
    let mut components = Components::default();
    Place::describe(&mut components);
    Place::describe(&mut components);
    elsewhere::Place::describe(&mut components);
    let collision = components.finish().err().expect("a collision");
    let NameCollision {
        name,
        first,
        second,
    } = collision;
    assert_eq!(name, "Place");
    assert!(first.contains("::tests::Place"), "{first}");
    assert!(second.contains("::elsewhere::Place"), "{second}");
}
