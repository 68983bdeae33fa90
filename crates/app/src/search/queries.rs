//! Database access of search: the texts of each kind for the index, whatever their scope, and the records that were found, in
//! the asker's.

use std::collections::HashMap;

use qiao_store::StoreError;
use qiao_store::entities::{account, contact, contract, former_name, lead, opportunity, split};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::Value;
use qiao_store::sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::index::{Entry, FORMER};
use super::text::squeezed;
use crate::entry::Scoped;
use crate::entry::queries::{Column, seen};
use crate::sheet::Deal;

/// Records and who sees them besides their owners; nobody named is everybody.
type Also = Vec<(Uuid, Option<Uuid>)>;

/// A kind that is searched, by which of its columns.
pub trait Searched: Scoped {
    /// Its number in the index.
    const KIND: u8;
    /// The columns that hold its names and numbers.
    const TEXTS: &'static [Column<Self>];
    /// The column of its owner.
    const HELD_BY: Column<Self>;

    /// Who sees some records besides their owners.
    fn also(db: &impl ConnectionTrait, ids: &[Uuid]) -> impl Future<Output = Result<Also, StoreError>> + Send;

    /// What some records were called before.
    fn former(
        _: &impl ConnectionTrait,
        _: &[Uuid],
    ) -> impl Future<Output = Result<Vec<(Uuid, String)>, StoreError>> + Send {
        async { Ok(Vec::new()) }
    }
}

impl Searched for account::Model {
    const KIND: u8 = 0;
    const TEXTS: &'static [Column<Self>] =
        &[account::Column::Name, account::Column::Phone, account::Column::SocialCreditCode];
    const HELD_BY: Column<Self> = account::Column::OwnerId;

    /// What nobody owns is everybody's.
    async fn also(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Also, StoreError> {
        use account::Column;
        let free = account::Entity::find().select_only().column(Column::Id).column(Column::OwnerId);
        let free = free.filter(Column::Id.is_in(ids.iter().copied())).filter(Column::OwnerId.is_null());
        Ok(free.into_tuple().all(db).await?)
    }

    async fn former(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, StoreError> {
        use former_name::Column;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = former_name::Entity::find().select_only().column(Column::AccountId).column(Column::Name);
        let rows = rows.filter(Column::AccountId.is_in(ids.iter().copied())).order_by_desc(Column::Until);
        Ok(rows.into_tuple().all(db).await?)
    }
}

impl Searched for contact::Model {
    const KIND: u8 = 1;
    const TEXTS: &'static [Column<Self>] = &[contact::Column::Name, contact::Column::Phone, contact::Column::Email];
    const HELD_BY: Column<Self> = contact::Column::OwnerId;

    /// Who sees the customer sees its people.
    async fn also(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Also, StoreError> {
        let customer =
            contact::Entity::belongs_to(account::Entity).from(contact::Column::AccountId).to(account::Column::Id);
        let rows = contact::Entity::find()
            .select_only()
            .column(contact::Column::Id)
            .column(account::Column::OwnerId)
            .join(JoinType::InnerJoin, customer.into())
            .filter(contact::Column::Id.is_in(ids.iter().copied()));
        Ok(rows.into_tuple().all(db).await?)
    }
}

impl Searched for lead::Model {
    const KIND: u8 = 2;
    const TEXTS: &'static [Column<Self>] =
        &[lead::Column::Name, lead::Column::CompanyName, lead::Column::Phone, lead::Column::Email];
    const HELD_BY: Column<Self> = lead::Column::OwnerId;

    async fn also(_: &impl ConnectionTrait, _: &[Uuid]) -> Result<Also, StoreError> {
        Ok(Vec::new())
    }
}

impl Searched for opportunity::Model {
    const KIND: u8 = 3;
    const TEXTS: &'static [Column<Self>] = &[opportunity::Column::Name];
    const HELD_BY: Column<Self> = opportunity::Column::OwnerId;

    async fn also(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Also, StoreError> {
        sharing::<Self>(db, ids).await
    }
}

impl Searched for contract::Model {
    const KIND: u8 = 4;
    const TEXTS: &'static [Column<Self>] = &[contract::Column::Number, contract::Column::Name];
    const HELD_BY: Column<Self> = contract::Column::OwnerId;

    async fn also(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Also, StoreError> {
        sharing::<Self>(db, ids).await
    }
}

/// Those with whom some records are shared.
async fn sharing<M: Searched>(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Also, StoreError> {
    let rows = split::Entity::find()
        .select_only()
        .column(split::Column::RecordId)
        .column(split::Column::PersonId)
        .filter(split::Column::RecordType.eq(M::TYPE))
        .filter(split::Column::RecordId.is_in(ids.iter().copied()));
    Ok(rows.into_tuple::<(Uuid, Uuid)>().all(db).await?.into_iter().map(|(id, person)| (id, Some(person))).collect())
}

/// Which records are read for the index.
#[derive(Clone, Debug)]
pub enum Which {
    /// So many behind an id, in their order.
    After(Option<Uuid>, u64),
    /// These.
    These(Vec<Uuid>),
}

/// Records for the index, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn entries<M: Searched>(db: &impl ConnectionTrait, which: Which) -> Result<Vec<Entry>, StoreError> {
    let mut query = M::Entity::find().select_only().column_as(M::ID, "id").column_as(M::HELD_BY, "owner");
    for (number, column) in M::TEXTS.iter().enumerate() {
        query = query.column_as(*column, format!("text_{number}"));
    }
    query = match which {
        Which::After(None, most) => query.limit(most),
        Which::After(Some(id), most) => query.filter(M::ID.gt(id)).limit(most),
        Which::These(ids) => query.filter(M::ID.is_in(ids)),
    };
    let statement = query.order_by_asc(M::ID).build(db.get_database_backend());
    let rows = db.query_all_raw(statement).await?;
    let mut entries = rows.iter().map(entry::<M>).collect::<Result<Vec<Entry>, DbErr>>()?;
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    let mut also: HashMap<Uuid, Vec<Option<Uuid>>> = HashMap::new();
    for (id, person) in M::also(db, &ids).await? {
        also.entry(id).or_default().push(person);
    }
    let mut former: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (id, name) in M::former(db, &ids).await? {
        former.entry(id).or_default().push(format!("{FORMER}{}", squeezed(&name)));
    }
    for entry in &mut entries {
        entry.fields.extend(former.remove(&entry.id).unwrap_or_default());
        for person in also.remove(&entry.id).unwrap_or_default() {
            match person {
                Some(person) => entry.people.push(person),
                None => entry.everybodys = true,
            }
        }
    }
    Ok(entries)
}

fn entry<M: Searched>(row: &QueryResult) -> Result<Entry, DbErr> {
    let owner: Option<Uuid> = row.try_get("", "owner")?;
    let mut fields = Vec::with_capacity(M::TEXTS.len());
    for number in 0..M::TEXTS.len() {
        let text: Option<String> = row.try_get("", &format!("text_{number}"))?;
        fields.push(text.map(|text| squeezed(&text)).unwrap_or_default());
    }
    let people = owner.into_iter().collect();
    Ok(Entry { kind: M::KIND, id: row.try_get("", "id")?, fields, people, everybodys: false })
}

/// Deals for the index and the sheet, the oldest first.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn deals(db: &impl ConnectionTrait, which: Which) -> Result<Vec<(Entry, Deal)>, StoreError> {
    use opportunity::Column;
    let query = opportunity::Entity::find().select_only().columns([
        Column::Id,
        Column::Name,
        Column::OwnerId,
        Column::AccountId,
        Column::PipelineId,
        Column::StageId,
        Column::Status,
        Column::ProductId,
        Column::AmountMinor,
        Column::ExpectedCloseOn,
        Column::ClosedOn,
        Column::StageEnteredAt,
        Column::ArchivedAt,
    ]);
    let query = match which {
        Which::After(None, most) => query.limit(most),
        Which::After(Some(id), most) => query.filter(Column::Id.gt(id)).limit(most),
        Which::These(ids) => query.filter(Column::Id.is_in(ids)),
    };
    let statement = query.order_by_asc(Column::Id).build(db.get_database_backend());
    let rows = db.query_all_raw(statement).await?;
    let mut deals = rows.iter().map(deal).collect::<Result<Vec<(Entry, Deal)>, DbErr>>()?;
    let ids: Vec<Uuid> = deals.iter().map(|(entry, _)| entry.id).collect();
    let mut shared: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (id, person) in sharing::<opportunity::Model>(db, &ids).await? {
        shared.entry(id).or_default().extend(person);
    }
    for (entry, deal) in &mut deals {
        deal.shared_with = shared.remove(&deal.id).unwrap_or_default();
        entry.people.extend(&deal.shared_with);
    }
    Ok(deals)
}

fn deal(row: &QueryResult) -> Result<(Entry, Deal), DbErr> {
    let archived_at: Option<i64> = row.try_get("", "archived_at")?;
    let deal = Deal {
        id: row.try_get("", "id")?,
        owner: row.try_get("", "owner_id")?,
        account: row.try_get("", "account_id")?,
        pipeline: row.try_get("", "pipeline_id")?,
        stage: row.try_get("", "stage_id")?,
        status: row.try_get("", "status")?,
        product: row.try_get("", "product_id")?,
        amount_minor: row.try_get("", "amount_minor")?,
        expected_close_on: row.try_get("", "expected_close_on")?,
        closed_on: row.try_get("", "closed_on")?,
        stage_entered_at: row.try_get("", "stage_entered_at")?,
        archived: archived_at.is_some(),
        shared_with: Vec::new(),
    };
    let name: String = row.try_get("", "name")?;
    let people = deal.owner.into_iter().collect();
    let kind = opportunity::Model::KIND;
    Ok((Entry { kind, id: deal.id, fields: vec![squeezed(&name)], people, everybodys: false }, deal))
}

/// The contacts of some customers.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn contacts_of(db: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let rows = contact::Entity::find().select_only().column(contact::Column::Id);
    Ok(rows.filter(contact::Column::AccountId.is_in(accounts.iter().copied())).into_tuple().all(db).await?)
}

/// Of some records those that are there in a scope, in the order of the ids.
///
/// # Errors
/// [`StoreError`] where the database refused.
pub async fn present<M: Searched>(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    ids: &[Uuid],
) -> Result<Vec<M>, StoreError> {
    let mut query = seen::<M>(scope).filter(M::ID.is_in(ids.iter().copied()));
    if let Some(archived_at) = M::ARCHIVED_AT {
        query = query.filter(archived_at.is_null());
    }
    let mut rows = query.all(db).await?;
    rows.sort_by_cached_key(|row| ids.iter().position(|id| *id == row.key()));
    Ok(rows)
}

/// What a record is found by, as it is compared.
pub fn fields<M: Searched>(row: &M) -> Vec<String> {
    let text = |column: &Column<M>| match row.get(*column) {
        Value::String(text) => text.map(|text| squeezed(&text)),
        _ => None,
    };
    M::TEXTS.iter().filter_map(text).collect()
}
