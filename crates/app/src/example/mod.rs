//! The example company: made by the project itself, seeded, with dates up to the day of making.
//!
//! Its people and customers are plainly invented. There are stories in it that the screens should find: a team that is
//! stuck at quotes, a rep who lives on one large customer, a newcomer who ramps up, a region that loses on price,
//! refunds, a contract that comes in late. Its
//! rows go in by the same rules as everybody's, and the log says of each whose it is and when it was.

mod fulfil;
mod load;
mod names;
mod people;
mod plans;
mod random;
mod sales;
mod stages;
mod work;

use qiao_store::Store;
use uuid::Uuid;

use self::load::{Hands, load};
use crate::access::{self, NewUser, random_token};
use crate::activities::ActivityEntry;
use crate::company::{self, NewCompany};
use crate::context::{Context, Role};
use crate::contracts::{ContractEntry, InvoiceEntry, PaymentEntry};
use crate::customers::accounts::AccountEntry;
use crate::customers::contacts::ContactEntry;
use crate::error::AppError;
use crate::goals::rules::TargetEntry;
use crate::imports::{Kind, Mapping, Table, run};
use crate::leads::LeadEntry;
use crate::orders::{DeliveryEntry, OrderEntry};
use crate::pipeline::opportunities::OpportunityEntry;
use crate::plans::rules::{PublishError, publish};
use crate::state::AppState;

/// An account to sign in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The role.
    pub role: Role,
    /// The address.
    pub email: String,
    /// The password, without blanks.
    pub password: String,
}

/// The company of the example.
#[must_use]
pub fn company() -> NewCompany {
    NewCompany { name: "示例公司".to_owned(), example: true, ..NewCompany::default() }
}

/// Makes the company's records and accounts in a database that has just been made by [`init`].
///
/// # Errors
/// [`AppError`] where the database refused; what the generator made wrongly is an error too, never passed over.
pub async fn make(state: &AppState, context: &Context) -> Result<Vec<SignIn>, AppError> {
    let staff = people::staff(context.today());
    import(state, context, Kind::People, people::table(&staff)).await?;
    import(state, context, Kind::Products, sales::products()).await?;
    let sales = sales::Sales::new(&staff, context.today());
    let work = work::Work::new(&sales, context.today());
    let hands = Hands::of(state, context, &staff, sales.first_day()).await?;
    let operations = hands.else_by(&staff, "operations");
    load::<AccountEntry>(state, context, &sales.accounts(), &operations).await?;
    load::<ContactEntry>(state, context, &work.contacts(), &operations).await?;
    load::<OpportunityEntry>(state, context, &sales.opportunities(), &operations).await?;
    load::<LeadEntry>(state, context, &work.leads(), &operations).await?;
    load::<ActivityEntry>(state, context, &work.activities(), &operations).await?;
    load::<ContractEntry>(state, context, &work.contracts(), &operations).await?;
    let finance = hands.else_by(&staff, "finance");
    load::<InvoiceEntry>(state, context, &work.invoices(), &finance).await?;
    load::<PaymentEntry>(state, context, &work.payments(), &finance).await?;
    load::<OrderEntry>(state, context, &work.orders(), &operations).await?;
    load::<DeliveryEntry>(state, context, &work.deliveries(), &operations).await?;
    load::<ContractEntry>(state, context, &work.late_contract(), &operations.on(context.today())).await?;
    // Who is there by now is told of targets and plans.
    let signed_up = sign_ins(state, context).await?;
    load::<TargetEntry>(state, context, &sales.targets(), &operations).await?;
    for plan in plans::plans(context.today()) {
        publish(state, context, &plan).await.map_err(|error| match error {
            PublishError::App(error) => error,
            PublishError::Mistakes(mistakes) => {
                let said: Vec<String> = mistakes.iter().map(|m| format!("{}: {}", m.line, m.message)).collect();
                AppError::Unreadable { code: "plan_mistake", detail: said.join("; ") }
            }
        })?;
    }
    Ok(signed_up)
}

/// Makes the example company's database.
///
/// # Errors
/// [`AppError::Store`] where the database refused.
pub async fn init(store: &Store, now_ms: i64) -> Result<(), AppError> {
    company::init(store, company(), now_ms).await.map(|_| ())
}

/// People and products go in as a file does.
async fn import(state: &AppState, context: &Context, kind: Kind, table: Table) -> Result<(), AppError> {
    let outcome = run(state, context, kind, &table, &Mapping::plain(&table), false, |_, _| {}).await?;
    match outcome.rejected.first() {
        None => Ok(()),
        Some(first) => Err(AppError::Unreadable {
            code: "invalid",
            detail: format!("example {} line {}: {}", kind.as_str(), first.line, first.reason),
        }),
    }
}

/// One account for each role; the people of the first team and region stand behind those who sell.
async fn sign_ins(state: &AppState, context: &Context) -> Result<Vec<SignIn>, AppError> {
    let mut made = Vec::new();
    for role in Role::ALL {
        let email = format!("{}@example.com", role.as_str());
        let person = access::person_with_email(state, &email).await?;
        let name = match person {
            Some(person) => person_name(state, person).await?,
            None => names::role_name(role).to_owned(),
        };
        let password = random_token().chars().take(14).collect::<String>();
        let pay_grant = matches!(role, Role::Director | Role::Operations | Role::Finance | Role::Hr);
        let new = NewUser {
            email: email.clone(),
            name,
            role,
            person_id: person.map(|id| id.to_string()),
            pay_grant,
            password: Some(password.clone()),
        };
        access::create_user(state.store(), context, new).await?;
        made.push(SignIn { role, email, password });
    }
    Ok(made)
}

async fn person_name(state: &AppState, person: Uuid) -> Result<String, AppError> {
    let definitions = state.books().definitions().await?;
    Ok(definitions.people.get(&person.as_u128()).map(|person| person.name.clone()).unwrap_or_default())
}
