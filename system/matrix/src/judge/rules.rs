//! A judge without a model.

use async_trait::async_trait;
use lakehouse_vector::Scalar;

use super::{Judge, Proposal};
use crate::{
    playbook::Reason,
    role::{RoleKey, city_key},
};

/// Accepts documents that have the query's role, are in one of the query's cities if it names any, and
/// are not unavailable.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules;

#[async_trait]
impl Judge for Rules {
    async fn judge(&self, proposal: Proposal<'_>) -> Result<(), Reason> {
        let text_of = |field| match proposal.metadata.get(field) {
            Some(Scalar::Text(text)) => Some(text),
            _ => None,
        };
        let role = text_of("role").and_then(|role| RoleKey::from_text(&role));
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
