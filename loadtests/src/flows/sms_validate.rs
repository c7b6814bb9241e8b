//! A text message with a number to call, and one with a number that must not leave the house.

use rand::seq::IndexedRandom;

use super::check;
use super::draft::{self, Draft};
use super::fault::Fault;
use super::numbers::{phone_number, social_security_number};
use super::user::User;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let house = user.house.clone();
    let person = house
        .people()
        .choose(user.random())
        .expect("a house has people");
    let demand = user.demand();
    let shift = user.shift();

    let phone = phone_number(user.random());
    let offer = Draft::sms(person, draft::shift_offer(person, &demand, &shift, &phone));
    let verdict = user.session.validate(&offer).await?;
    check::phone_passes(&offer, &verdict)?;

    let number = social_security_number(user.random());
    let question = Draft::sms(person, draft::number_question(person, &number));
    let verdict = user.session.validate(&question).await?;
    check::ssn_is_refused(&question, &number, &verdict)
}
