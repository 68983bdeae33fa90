use super::*;
use crate::dates::DateRange;
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn listing(books: &Books, person: u128, range: DateRange) -> Vec<(u32, i64, u32)> {
    let mut found = Vec::new();
    if let Some(number) = books.find_person(person) {
        books.credits_of(number, range, true, |credit| {
            found.push((
                credit.fact.sequence(),
                credit.part_of(credit.fact.int(IntField::Amount).unwrap()),
                credit.share_ppm(),
            ));
        });
    }
    found.sort_unstable();
    found
}

fn arbitrary_row(sequence: u32) -> impl Strategy<Value = FactRow> {
    let credits = prop::collection::vec((0_u128..4, 1_u32..=250_000), 0..4);
    (
        0_i64..400,
        -5_000_i64..5_000,
        credits,
        0_u128..5,
        any::<bool>(),
        prop::option::of(1_u32..60),
        0_usize..3,
    )
        .prop_map(
            move |(offset, amount, credits, opportunity, pending, refers, kind)| {
                let date = day("2025-01-01") + chrono::Days::new(offset.unsigned_abs());
                let kind = ["contract_signed", "recognition", "refund"][kind];
                let mut row = FactRow::new(sequence, kind, date, amount, Currency::CNY);
                row.opportunity = (opportunity > 0).then_some(opportunity);
                row.refers_to = refers;
                if pending {
                    row.recognition = Recognition::Pending;
                    row.attributes = vec![("a".to_owned(), opportunity.to_string())];
                }
                for (person, share) in credits {
                    row = row.credit(person, "owner", share);
                }
                row
            },
        )
}

fn rows() -> impl Strategy<Value = Vec<FactRow>> {
    (1_u32..60).prop_flat_map(|count| (1..=count).map(arbitrary_row).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn batches_do_not_matter(rows in rows(), cuts in prop::collection::vec(1_usize..7, 1..60)) {
        let whole = Books::new().append(rows.clone()).books;
        let mut parts = Books::new();
        let mut rest = rows.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (now, later) = rest.split_at((*cut).min(rest.len()));
            parts = parts.append(now.to_vec()).books;
            // The same again changes nothing.
            let again = parts.append(now.to_vec());
            prop_assert_eq!(again.added, 0);
            parts = again.books;
            rest = later;
        }
        prop_assert_eq!(whole.len(), parts.len());
        for person in 0..4 {
            for range in [DateRange::new(day("2025-03-01"), day("2025-03-31")), DateRange::always()] {
                prop_assert_eq!(listing(&whole, person, range), listing(&parts, person, range));
            }
        }
        for sequence in 1..60 {
            let referrers = |books: &Books| books.referrers(sequence).map(|row| row.sequence()).collect::<Vec<_>>();
            prop_assert_eq!(referrers(&whole), referrers(&parts));
            prop_assert_eq!(whole.fact(sequence).map(|f| whole.counted_day(f)), parts.fact(sequence).map(|f| parts.counted_day(f)));
        }
        for opportunity in 1..6 {
            let chain = |books: &Books| books.of_opportunity(opportunity).map(|row| row.sequence()).collect::<Vec<_>>();
            prop_assert_eq!(chain(&whole), chain(&parts));
        }
    }
}

#[test]
fn impossible_rows_are_refused_and_named() {
    let good = FactRow::new(1, "contract_signed", day("2026-03-01"), 100, Currency::CNY)
        .credit(7, "owner", 500_000);
    let split = FactRow::new(2, "contract_signed", day("2026-03-01"), 100, Currency::CNY)
        .credit(7, "owner", 600_000)
        .credit(8, "owner", 410_000);
    let overlay = FactRow::new(3, "contract_signed", day("2026-03-01"), 100, Currency::CNY)
        .credit(7, "owner", 1_000_000)
        .credit(8, "overlay", 1_000_000);
    let huge = FactRow::new(
        4,
        "contract_signed",
        day("2026-03-01"),
        i64::MAX,
        Currency::CNY,
    );
    let appended = Books::new().append(vec![good, split, overlay, huge]);
    assert_eq!((appended.added, appended.books.len()), (2, 2));
    assert_eq!(
        appended
            .refused
            .iter()
            .map(|r| (r.sequence, r.code))
            .collect::<Vec<_>>(),
        [(2, "shares_over_one"), (4, "amount_overflow")]
    );
}

#[test]
fn parts_of_a_fact_sum_to_it() {
    let mut row = FactRow::new(
        1,
        "contract_signed",
        day("2026-03-01"),
        10_000,
        Currency::CNY,
    );
    for (person, share) in [(1, 333_334), (2, 333_333), (3, 333_333)] {
        row = row.credit(person, "owner", share);
    }
    let books = Books::new().append(vec![row]).books;
    let parts: Vec<i64> = (1..4)
        .map(|person| listing(&books, person, DateRange::always())[0].1)
        .collect();
    assert_eq!(parts, [3334, 3333, 3333]);
}

#[test]
fn recognition_lets_a_fact_count_later() {
    let mut pending = FactRow::new(1, "contract_signed", day("2026-03-05"), 100, Currency::CNY)
        .credit(1, "owner", 1_000_000);
    pending.recognition = Recognition::Pending;
    let books = Books::new().append(vec![pending]).books;
    let april = DateRange::new(day("2026-04-01"), day("2026-04-30"));
    assert_eq!(books.counted_day(books.fact(1).unwrap()), None);
    let mut recognised = FactRow::new(2, "recognition", day("2026-04-02"), 0, Currency::CNY);
    recognised.refers_to = Some(1);
    let books = books.append(vec![recognised]).books;
    assert_eq!(
        books.counted_day(books.fact(1).unwrap()),
        Some(day_number(day("2026-04-02")))
    );
    assert_eq!(listing(&books, 1, april), [(1, 100, 1_000_000)]);
}
