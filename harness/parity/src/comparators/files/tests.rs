//! Damage to observed files, by its effect on their text.

use rand::SeedableRng as _;

use super::*;

fn files(name: &str, text: &str) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())])
}

#[test]
fn every_line_and_every_file_can_be_damaged() {
    let sites = |files: &BTreeMap<String, Vec<u8>>| -> Vec<(String, Damage, usize)> {
        let sites = Files::JsonlTree.sites(files).into_iter();
        sites
            .map(|(name, site)| (name, site.damage, site.line))
            .collect()
    };
    let in_file = |damages: &[(Damage, usize)]| -> Vec<(String, Damage, usize)> {
        let own = damages.iter();
        own.map(|(damage, line)| ("a".to_owned(), *damage, *line))
            .chain([(NEW_FILE.to_owned(), FILE_ADDED, 0)])
            .collect()
    };
    assert_eq!(
        sites(&files("a", "1\n2\n")),
        in_file(&[
            (LINE_CUT, 0),
            (LINE_DROPPED, 0),
            (LINE_DOUBLED, 0),
            (LINES_SWAPPED, 0),
            (LINE_CUT, 1),
            (LINE_DROPPED, 1),
            (LINE_DOUBLED, 1),
            (NEWLINE_ADDED, 0),
            (NEWLINE_DROPPED, 0),
            (FILE_DROPPED, 0),
        ])
    );
    assert_eq!(
        sites(&files("a", "1")),
        in_file(&[
            (LINE_CUT, 0),
            (LINE_DROPPED, 0),
            (LINE_DOUBLED, 0),
            (NEWLINE_ADDED, 0),
            (FILE_DROPPED, 0),
        ])
    );
    assert_eq!(sites(&files("a", "")), in_file(&[(FILE_DROPPED, 0)]));
    assert_eq!(sites(&BTreeMap::new()), []);
    // A second file of that name is impossible.
    assert_eq!(
        sites(&files(NEW_FILE, "")),
        [(NEW_FILE.to_owned(), FILE_DROPPED, 0)]
    );
}

#[test]
fn damage_has_its_effect_on_the_files() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let policy = JsonPolicy {
        numbers_by_value: true,
        ..JsonPolicy::default()
    };
    for (damage, line, text, expected) in [
        (LINE_CUT, 0, "{\"a\":1}\n2\n", Some("{\"a\n2\n")),
        // What stays of the line is JSON, or nothing.
        (LINE_CUT, 0, "12\n", None),
        (LINE_CUT, 0, "1\n", None),
        (LINE_DROPPED, 0, "1\n2\n", Some("2\n")),
        (LINE_DROPPED, 1, "1\n2", Some("1")),
        (LINE_DOUBLED, 1, "1\n2", Some("1\n2\n2")),
        (LINES_SWAPPED, 0, "1\n2\n", Some("2\n1\n")),
        (LINES_SWAPPED, 0, "1\n1\n", None),
        // Equal under the policy.
        (LINES_SWAPPED, 0, "1\n1.0\n", None),
        (NEWLINE_ADDED, 0, "1", Some("1\n")),
        (NEWLINE_DROPPED, 0, "1\n", Some("1")),
    ] {
        let mut files = files("a", text);
        let site = Site { damage, line };
        let change = Files::JsonlTree.damage("a", &site, &mut files, policy, &mut random);
        let new = change.map(|change| {
            assert_eq!(change.flaw, None, "{damage} of {text:?}");
            String::from_utf8_lossy(&files["a"]).into_owned()
        });
        assert_eq!(new.as_deref(), expected, "{damage} of {text:?}");
    }
}

#[test]
fn damage_to_whole_files_and_two_lines_names_them() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut files = files("a", "1\n2\n3\n");
    let mut damage = |name: &str, damage: Damage, line: usize| {
        let policy = JsonPolicy::default();
        let site = Site { damage, line };
        let change = Files::JsonlTree.damage(name, &site, &mut files, policy, &mut random);
        let change = change.expect("it is possible");
        (change.expected, change.summary, files.len())
    };
    let path = |path: &str| vec![path.to_owned()];
    assert_eq!(
        damage("a", LINES_SWAPPED, 1),
        (
            ["file:a:$[1]", "file:a:$[2]"].map(str::to_owned).to_vec(),
            "lines 1 and 2".to_owned(),
            1
        )
    );
    assert_eq!(
        damage(NEW_FILE, FILE_ADDED, 0),
        (
            path("file:mutant"),
            "an empty object in a new file".to_owned(),
            2
        )
    );
    assert_eq!(
        damage("a", FILE_DROPPED, 0),
        (path("file:a"), "the file dropped".to_owned(), 1)
    );
}
