//! The judge that needs no model.

use async_trait::async_trait;
use lakehouse_vector::Scalar;

use super::{Judge, Proposal};
use crate::{
    playbook::Reason,
    role::{RoleKey, city_key},
};

/// Lets a document in whose role is the query's, whose city is one of the query's where that
/// names any, and which is not unavailable.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules;

#[async_trait]
impl Judge for Rules {
    async fn judge(&self, proposal: Proposal<'_>) -> Result<(), Reason> {
        let text_of = |field| match proposal.metadata.get(field) {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        };
        let role = text_of("role").and_then(|role| RoleKey::of(&role));
        if role.as_ref() != Some(proposal.role) {
            return Err(Reason::JudgeRole);
        }
        let city = text_of("city").and_then(|city| city_key(&city));
        let is_there = city.is_some_and(|city| proposal.cities.contains(&*city));
        if !proposal.cities.is_empty() && !is_there {
            return Err(Reason::JudgeCity);
        }
        match proposal.metadata.get("available") {
            Some(Scalar::Bool(false)) => Err(Reason::JudgeUnavailable),
            _ => Ok(()),
        }
    }
}
