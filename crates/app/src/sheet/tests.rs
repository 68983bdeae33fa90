//! The sheet against the plain meaning of a question: every deal looked at, sorted, counted.

use proptest::prelude::*;
use qiao_store::scope::RowScope;

use super::*;

fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

fn date(day: u8) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(739_000 + i32::from(day)).unwrap_or_default()
}

prop_compose! {
    /// Few values of everything, so that ties, changes of one deal and empty values are common.
    fn deals()(
        number in 0_u8..24,
        who in (prop::option::of(0_u8..4), prop::option::of(0_u8..3), prop::option::of(0_u8..2)),
        stage in 0_u8..3,
        status in prop::sample::select(vec!["open", "won", "lost"]),
        amount in prop::option::of(-3_i64..4),
        days in (prop::option::of(0_u8..4), prop::option::of(0_u8..4)),
        entered in 0_i64..3,
        archived in prop::bool::weighted(0.2),
        shared in prop::collection::vec(0_u8..4, 0..2),
    ) -> Deal {
        Deal {
            id: id(number), owner: who.0.map(id), account: who.1.map(id), product: who.2.map(id),
            pipeline: id(stage % 2), stage: id(stage), status: status.to_owned(), amount_minor: amount,
            expected_close_on: days.0.map(date), closed_on: days.1.map(date), stage_entered_at: entered, archived,
            shared_with: shared.into_iter().map(id).collect(),
        }
    }
}

fn between<T: Copy + std::fmt::Debug>(values: impl Strategy<Value = T> + Clone) -> impl Strategy<Value = Between<T>> {
    (prop::option::of(values.clone()), prop::option::of(values)).prop_map(|(from, to)| Between { from, to })
}

prop_compose! {
    fn questions()(
        owners in prop::option::weighted(0.2, prop::collection::vec(0_u8..4, 0..3)),
        archived in prop::bool::weighted(0.2),
        owner in prop::option::weighted(0.2, 0_u8..4),
        account in prop::option::weighted(0.2, 0_u8..3),
        pipeline in prop::option::weighted(0.2, 0_u8..2),
        stage in prop::option::weighted(0.2, 0_u8..4),
        status in prop::option::weighted(0.2, prop::sample::select(vec!["open", "won", "lost", "none"])),
        product in prop::option::weighted(0.2, 0_u8..2),
        amount in between(-3_i64..4),
        expected in between(0_u8..4),
        closed in between(0_u8..4),
        narrow in any::<(bool, bool, bool)>(),
        text in prop::option::weighted(0.3, any::<(bool, u8)>()),
    ) -> Question {
        let days = |wanted: bool, between: Between<u8>| match wanted {
            true => Between { from: between.from.map(date), to: between.to.map(date) },
            false => Between::default(),
        };
        Question {
            owners: owners.map(|owners| owners.into_iter().map(id).collect()),
            archived, owner: owner.map(id), account: account.map(id), pipeline: pipeline.map(id), stage: stage.map(id),
            status: status.map(str::to_owned), product: product.map(id),
            amount: if narrow.0 { amount } else { Between::default() },
            expected: days(narrow.1, expected), closed: days(narrow.2, closed),
            text: text.map(|(few, account)| Text {
                accounts: vec![id(account % 3)],
                deals: few.then(|| (0..24).map(id).filter(|id| is_called(*id)).collect()),
                texts: (0..64).collect(),
            }),
        }
    }
}

/// The deals whose own name holds the text of a question.
fn is_called(id: Uuid) -> bool {
    id.as_u128().is_multiple_of(5)
}

/// The number that a deal's name has in the index.
fn number_of(id: Uuid) -> u32 {
    u32::try_from(id.as_u128()).unwrap_or(u32::MAX) + 7
}

fn called(number: u32) -> bool {
    is_called(Uuid::from_u128(u128::from(number - 7)))
}

fn is<T: PartialEq>(wanted: Option<&T>, value: Option<&T>) -> bool {
    wanted.is_none_or(|wanted| value == Some(wanted))
}

fn within<T: Copy + Ord>(between: Between<T>, value: Option<T>) -> bool {
    between.from.is_none_or(|from| value.is_some_and(|value| from <= value))
        && between.to.is_none_or(|to| value.is_some_and(|value| value <= to))
}

/// What a question means, as one would say it.
fn means(question: &Question, scope: &RowScope, deal: &Deal) -> bool {
    let seen = match &question.owners {
        Some(owners) => deal.owner.is_some_and(|owner| owners.contains(&owner) && scope.covers(Some(owner))),
        None => deal.is_seen(scope),
    };
    let text = question.text.as_ref();
    seen && deal.archived == question.archived
        && is(question.owner.as_ref(), deal.owner.as_ref())
        && is(question.account.as_ref(), deal.account.as_ref())
        && is(question.pipeline.as_ref(), Some(&deal.pipeline))
        && is(question.stage.as_ref(), Some(&deal.stage))
        && is(question.status.as_ref(), Some(&deal.status))
        && is(question.product.as_ref(), deal.product.as_ref())
        && within(question.amount, deal.amount_minor)
        && within(question.expected, deal.expected_close_on)
        && within(question.closed, deal.closed_on)
        && text.is_none_or(|text| {
            is_called(deal.id) || deal.account.is_some_and(|account| text.accounts.contains(&account))
        })
}

fn key_of(by: By, deal: &Deal) -> Option<i64> {
    let days = |date: Option<NaiveDate>| date.map(|date| i64::from(date.num_days_from_ce()));
    match by {
        By::Created => Some(0),
        By::Amount => deal.amount_minor,
        By::ExpectedClose => days(deal.expected_close_on),
        By::Closed => days(deal.closed_on),
        By::StageEntered => Some(deal.stage_entered_at),
    }
}

/// The deals as they are now, the last form of each.
fn last(deals: &[Deal]) -> Vec<Deal> {
    let mut last: std::collections::BTreeMap<Uuid, Deal> = std::collections::BTreeMap::new();
    for deal in deals {
        last.insert(deal.id, deal.clone());
    }
    last.into_values().collect()
}

proptest! {
    #[test]
    fn pages_counts_and_sums_are_those_of_looking_at_every_deal(
        deals in prop::collection::vec(deals(), 0..60),
        question in questions(),
        people in prop::option::of(prop::collection::vec(0_u8..4, 0..3)),
        by in prop::sample::select(vec![By::Created, By::Amount, By::ExpectedClose, By::Closed, By::StageEntered]),
        descending in any::<bool>(),
        limit in 1_usize..6,
    ) {
        let scope = people.map_or(RowScope::All, |people| RowScope::people(people.into_iter().map(id).collect()));
        let mut sheet = Sheet::default();
        for deal in &deals {
            sheet.put(deal, number_of(deal.id));
        }
        let mut wanted: Vec<Deal> = last(&deals).into_iter().filter(|deal| means(&question, &scope, deal)).collect();
        let sum = wanted.iter().filter_map(|deal| deal.amount_minor).map(i128::from).sum();
        let total = Total { count: wanted.len() as u64, amount_minor: sum };
        prop_assert_eq!(sheet.total(&scope, &question, &called), total);
        prop_assert_eq!(sheet.count(&scope, &question, &called), total.count);

        wanted.sort_by(|a, b| {
            let (left, right) = (key_of(by, a), key_of(by, b));
            let keys = match (left, right) {
                (Some(left), Some(right)) => left.cmp(&right),
                (left, right) => return right.is_some().cmp(&left.is_some()).then_with(|| match descending {
                    true => b.id.cmp(&a.id),
                    false => a.id.cmp(&b.id),
                }),
            };
            let up = keys.then(a.id.cmp(&b.id));
            if descending { up.reverse() } else { up }
        });
        // Page by page to the end, each page from the last row of the one before.
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let order = Order { by, descending, after, limit };
            let page = sheet.page(&scope, &question, &order, &called);
            let Some(end) = page.last().copied() else { break };
            let end = wanted.iter().find(|deal| deal.id == end);
            after = end.map(|deal| (key_of(by, deal), deal.id));
            prop_assert!(after.is_some() && page.len() <= limit, "only what is meant, no more than asked for");
            let whole = page.len() == limit;
            found.extend(page);
            if !whole {
                break;
            }
        }
        let wanted: Vec<Uuid> = wanted.iter().map(|deal| deal.id).collect();
        prop_assert_eq!(found, wanted);
    }
}
