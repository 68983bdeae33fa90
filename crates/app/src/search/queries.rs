//! Database access of search, by kind, in the asker's scope.

use qiao_store::StoreError;
use qiao_store::entities::{account, contact, contract, lead, opportunity};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entry::Scoped;
use crate::entry::list::queries::contains;
use crate::entry::queries::{Column, seen};

/// A kind that is searched, by which of its columns.
pub trait Searched: Scoped {
    /// The columns that hold its names and numbers.
    const TEXTS: &'static [Column<Self>];
}

impl Searched for account::Model {
    const TEXTS: &'static [Column<Self>] =
        &[account::Column::Name, account::Column::Phone, account::Column::SocialCreditCode];
}

impl Searched for contact::Model {
    const TEXTS: &'static [Column<Self>] = &[contact::Column::Name, contact::Column::Phone, contact::Column::Email];
}

impl Searched for lead::Model {
    const TEXTS: &'static [Column<Self>] =
        &[lead::Column::Name, lead::Column::CompanyName, lead::Column::Phone, lead::Column::Email];
}

impl Searched for opportunity::Model {
    const TEXTS: &'static [Column<Self>] = &[opportunity::Column::Name];
}

impl Searched for contract::Model {
    const TEXTS: &'static [Column<Self>] = &[contract::Column::Number, contract::Column::Name];
}

/// The newest records of which one text holds each of the words.
pub async fn found<M: Searched>(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    words: &[String],
    limit: u64,
) -> Result<Vec<M>, StoreError> {
    let mut all = Condition::all();
    for word in words {
        let any = M::TEXTS.iter().fold(Condition::any(), |any, column| any.add(contains(*column, word)));
        all = all.add(any);
    }
    let mut query = seen::<M>(scope).filter(all);
    if let Some(archived_at) = M::ARCHIVED_AT {
        query = query.filter(archived_at.is_null());
    }
    Ok(query.order_by_desc(M::ID).limit(limit).all(db).await?)
}
