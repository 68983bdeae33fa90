//! Database access of duplicates: across everybody's records, since a customer is one customer for all. Callers hand out of
//! what is out of scope nothing but the owner.

use qiao_store::StoreError;
use qiao_store::entities::{account, contact, lead};
use qiao_store::sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use qiao_store::sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::rules::Sought;
use crate::entry::list::queries::contains;

/// Rows that are looked at more closely, of each kind.
const MOST: u64 = 200;

/// A column without the signs that people put between letters and digits.
fn bare(column: impl ColumnTrait) -> SimpleExpr {
    let signs = [" ", "-", "(", ")", "（", "）", "　", ".", ",", "，", "+"];
    let strip =
        |inner: SimpleExpr, sign: &str| Func::cust("replace").arg(inner).arg(Expr::val(sign)).arg(Expr::val("")).into();
    signs.into_iter().fold(Expr::expr(Func::lower(column.into_expr())), strip)
}

fn holds(column: impl ColumnTrait, part: Option<&String>) -> Option<SimpleExpr> {
    part.map(|part| bare(column).like(format!("%{part}%")))
}

/// Accounts that may be meant.
pub async fn accounts(db: &impl ConnectionTrait, sought: &Sought) -> Result<Vec<account::Model>, StoreError> {
    use account::Column;
    let any = Condition::any()
        .add_option(holds(Column::Name, sought.name.as_ref()))
        .add_option(holds(Column::Phone, sought.phone.as_ref()))
        .add_option(sought.code.as_ref().map(|code| Column::SocialCreditCode.eq(code.as_str())));
    let query = account::Entity::find().filter(any).filter(Column::ArchivedAt.is_null());
    Ok(query.order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Leads that may be meant.
pub async fn leads(db: &impl ConnectionTrait, sought: &Sought) -> Result<Vec<lead::Model>, StoreError> {
    use lead::Column;
    let any = Condition::any()
        .add_option(holds(Column::CompanyName, sought.name.as_ref()))
        .add_option(holds(Column::Phone, sought.phone.as_ref()))
        .add_option(sought.email.as_ref().map(|email| contains(Column::Email, email)));
    let open = Condition::all().add(Column::ArchivedAt.is_null()).add(Column::Status.ne("converted"));
    let query = lead::Entity::find().filter(any).filter(open);
    Ok(query.order_by_asc(Column::Id).limit(MOST).all(db).await?)
}

/// Contacts that may be meant.
pub async fn contacts(db: &impl ConnectionTrait, sought: &Sought) -> Result<Vec<contact::Model>, StoreError> {
    use contact::Column;
    if sought.phone.is_none() && sought.email.is_none() {
        return Ok(Vec::new());
    }
    let any = Condition::any()
        .add_option(holds(Column::Phone, sought.phone.as_ref()))
        .add_option(sought.email.as_ref().map(|email| contains(Column::Email, email)));
    let query = contact::Entity::find().filter(any).filter(Column::ArchivedAt.is_null());
    Ok(query.order_by_asc(Column::Id).limit(MOST).all(db).await?)
}
