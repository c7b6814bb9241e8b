//! A judge without a model.

use async_trait::async_trait;
use lakehouse_vector::Scalar;

use super::{Judge, Proposal, is_unavailable};
use crate::{playbook::Reason, role::RoleKey};

/// Accepts documents that have the query's role, if any document has it, and are not unavailable.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules;

#[async_trait]
impl Judge for Rules {
    async fn judge(&self, proposal: Proposal<'_>) -> Result<(), Reason> {
        let role = match proposal.metadata.get("role") {
            Some(Scalar::Text(role)) => RoleKey::from_text(&role),
            _ => None,
        };
        if proposal.role_is_known && role.as_ref() != Some(proposal.role) {
            return Err(Reason::JudgeRole);
        }
        if is_unavailable(proposal.metadata) {
            return Err(Reason::JudgeUnavailable);
        }
        Ok(())
    }
}
