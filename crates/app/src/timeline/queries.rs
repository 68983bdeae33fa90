//! Database access of timelines. Callers have seen that the record is in the asker's scope; what others did for it is read
//! in the scope, too.

use qiao_store::StoreError;
use qiao_store::entities::{activity, audit};
use qiao_store::scope::RowScope;
use qiao_store::sea_orm::sea_query::{Expr, ExprTrait, Value};
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// The rank of comments.
pub const COMMENT: u8 = 0;
/// The rank of activities.
pub const ACTIVITY: u8 = 1;
/// The rank of changes.
pub const CHANGE: u8 = 2;

/// Where a page begins: behind the moment, the kind and the row of the last one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The moment, ms since 1970 UTC.
    pub at: i64,
    /// The rank of its kind: of one moment the lower ranks come first.
    pub rank: u8,
    /// The row.
    pub key: String,
}

/// The rows of a kind that come behind a place; all where there is none.
fn behind(
    at: impl ColumnTrait,
    key: impl ColumnTrait,
    rank: u8,
    place: Option<&Place>,
    value: impl Fn(&str) -> Option<Value>,
) -> Condition {
    let Some(place) = place else { return Condition::all() };
    match (rank.cmp(&place.rank), value(&place.key)) {
        (std::cmp::Ordering::Equal, Some(last)) => {
            let row = Expr::tuple([at.into_expr(), key.into_expr()]);
            Condition::all().add(row.lt(Expr::tuple([Expr::value(place.at), Expr::value(last)])))
        }
        (std::cmp::Ordering::Greater, _) => Condition::all().add(at.lte(place.at)),
        _ => Condition::all().add(at.lt(place.at)),
    }
}

/// The value of a place's key where it is an id.
fn id(key: &str) -> Option<Value> {
    Uuid::try_parse(key).ok().map(Value::from)
}

/// The value of a place's key where it is a number.
fn number(key: &str) -> Option<Value> {
    key.parse::<i64>().ok().map(Value::from)
}

/// What was done for a record.
pub async fn activities(
    db: &impl ConnectionTrait,
    scope: &RowScope,
    about: activity::Column,
    record: Uuid,
    place: Option<&Place>,
    limit: u64,
) -> Result<Vec<activity::Model>, StoreError> {
    use activity::Column;
    let from = behind(Column::HappenedAt, Column::Id, ACTIVITY, place, id);
    let mut query = activity::Entity::find().filter(about.eq(record)).filter(Column::ArchivedAt.is_null()).filter(from);
    if let Some(own) = scope.condition(Column::OwnerId) {
        query = query.filter(own);
    }
    Ok(query.order_by_desc(Column::HappenedAt).order_by_desc(Column::Id).limit(limit).all(db).await?)
}

/// Which column of an activity names a kind of record.
pub fn about(record_type: &str) -> Option<activity::Column> {
    use activity::Column;
    match record_type {
        "account" => Some(Column::AccountId),
        "contact" => Some(Column::ContactId),
        "lead" => Some(Column::LeadId),
        "opportunity" => Some(Column::OpportunityId),
        _ => None,
    }
}

/// The kinds of records whose own timeline holds their entries: a comment's entries are the comment.
const CHANGES: [&str; 5] = ["created", "updated", "archived", "restored", "splits_changed"];

/// What was changed about a record.
pub async fn changes(
    db: &impl ConnectionTrait,
    record: Uuid,
    place: Option<&Place>,
    limit: u64,
) -> Result<Vec<audit::Model>, StoreError> {
    use audit::Column;
    let from = behind(Column::At, Column::Sequence, CHANGE, place, number);
    let query =
        audit::Entity::find().filter(Column::RecordId.eq(record)).filter(Column::Action.is_in(CHANGES)).filter(from);
    Ok(query.order_by_desc(Column::At).order_by_desc(Column::Sequence).limit(limit).all(db).await?)
}
