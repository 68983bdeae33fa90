//! Rules of leads: finding them.

use qiao_store::StoreError;
use qiao_store::entities::lead;
use uuid::Uuid;

use crate::entry::Lookup;
use crate::entry::queries::parts;
use crate::state::AppState;

/// The leads that the rows of a chunk name, as far as the asker may see them.
pub type Leads = Lookup<lead::Model>;

/// The names of leads that records in scope name.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn lead_names(
    state: &AppState,
    ids: impl Iterator<Item = Option<Uuid>>,
) -> Result<Vec<(Uuid, String)>, StoreError> {
    let leads = parts::<lead::Model>(state.store().pool(), ids.flatten().collect()).await?;
    Ok(leads.into_values().map(|lead| (lead.id, lead.name)).collect())
}
