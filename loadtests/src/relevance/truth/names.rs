//! The names in a question, which the corpus must have.

use super::super::people::People;
use super::super::question::Asked;

/// Rejects names that no person of the corpus has, which are misspelled or need another corpus.
pub(super) fn check_names(asked: &Asked, people: &People) -> Result<(), String> {
    type Has = fn(&People, &str) -> bool;
    let checks: [(&str, [&[String]; 2], Has); 5] = [
        ("role", [&asked.roles, &asked.not_roles], People::has_role),
        ("city", [&asked.city, &asked.not_city], People::has_city),
        ("state", [&asked.state, &asked.not_state], People::has_state),
        (
            "certification",
            [&asked.certs, &asked.not_certs],
            People::has_certification,
        ),
        ("skill", [&asked.skills, &[]], People::has_skill),
    ];
    for (what, lists, has) in checks {
        for name in lists.into_iter().flatten() {
            if !has(people, name) {
                return Err(format!("no person of the corpus has the {what} `{name}`"));
            }
        }
    }
    Ok(())
}
