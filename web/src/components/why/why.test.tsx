import { render, screen } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { describe, expect, it } from 'vitest'
import { withRecord, withWhy } from './address'
import { useDrawer } from './address'

function State() {
  const { why, record } = useDrawer()
  return <output>{JSON.stringify({ why, record })}</output>
}

const stateAt = (address: string) => {
  const router = createMemoryRouter([{ path: '*', Component: State }], { initialEntries: [address] })
  const { unmount } = render(<RouterProvider router={router} />)
  const state: unknown = JSON.parse(screen.getByRole('status').textContent ?? '')
  unmount()
  return state
}

describe('the drawer in the address', () => {
  it('keeps the filters and drops the record of the explanation before', () => {
    expect(withWhy('?period=2026-03&record=account/1', '/api/v1/why/2')).toBe('?period=2026-03&why=%2Fapi%2Fv1%2Fwhy%2F2')
  })
  it('puts a record on top of the explanation', () => {
    expect(withRecord('?why=%2Fapi%2Fv1%2Fwhy%2F2', { type: 'account', id: '7' })).toBe('?why=%2Fapi%2Fv1%2Fwhy%2F2&record=account%2F7')
  })
  it('is read back', () => {
    expect(stateAt('/pay?why=%2Fapi%2Fv1%2Fwhy%2F2&record=opportunity/01a2')).toEqual({ why: '/api/v1/why/2', record: { type: 'opportunity', id: '01a2' } })
  })
  it('ignores what nobody of ours wrote', () => {
    expect(stateAt('/pay?why=https://example.org/&record=../../x')).toEqual({ why: null, record: null })
  })
})
