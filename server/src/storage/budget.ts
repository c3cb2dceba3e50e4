/** Shared budgets. One row per period; a slice is taken in a unit of its own, far from any proof. */
import type { BudgetQueries } from '#domain/ports/budget-queries.ts'
import { sql } from '#storage/sql.ts'

export const budgetQueries: BudgetQueries = {
  takeSlice: (tenant, { name, subject, period }, slice, limit) => sql<{ spent: number }>`
    insert into budget (tenant_number, name, subject, period, spent)
    values (${tenant}, ${name}, ${subject}, ${period}, ${slice})
    on conflict (tenant_number, name, subject, period) do update
      set spent = budget.spent + excluded.spent where budget.spent + excluded.spent <= ${limit}
    returning spent as "spent"`,
}
