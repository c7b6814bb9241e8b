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
        let Proposal { known, role, .. } = proposal;
        let own = match proposal.metadata.get("role") {
            Some(Scalar::Text(own)) => RoleKey::from_text(&own).map(|own| known.meaning(&own)),
            _ => None,
        };
        if known.is_role_of_documents(role) && own != Some(known.meaning(role)) {
            return Err(Reason::JudgeRole);
        }
        if is_unavailable(proposal.metadata) {
            return Err(Reason::JudgeUnavailable);
        }
        Ok(())
    }
}
