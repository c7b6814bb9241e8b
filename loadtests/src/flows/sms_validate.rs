//! Validate a text message with a phone number, then one with a social security number.

use rand::seq::IndexedRandom;

use super::check;
use super::draft::{self, Draft};
use super::fault::Fault;
use super::numbers::{phone_number, social_security_number};
use super::user::User;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let dataset = user.dataset.clone();
    let person = dataset
        .people()
        .choose(user.random())
        .expect("a dataset has people");
    let demand = user.demand();
    let shift = user.shift();

    let phone = phone_number(user.random());
    let offer = Draft::sms(person, draft::shift_offer(person, &demand, &shift, &phone));
    let verdict = user.session.validate(&offer).await?;
    check::phone_passes(&offer, &verdict)?;

    let number = social_security_number(user.random());
    let question = Draft::sms(person, draft::ssn_question(person, &number));
    let verdict = user.session.validate(&question).await?;
    check::ssn_is_rejected(&question, &number, &verdict)
}
