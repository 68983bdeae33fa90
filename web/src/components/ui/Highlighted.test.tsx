import { render } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { Highlighted } from './Highlighted'

const marked = (text: string, words: string[]) => {
  const { container, unmount } = render(<p><Highlighted text={text} words={words} /></p>)
  const marks = [...container.querySelectorAll('b')].map((mark) => mark.textContent)
  expect(container.textContent).toBe(text)
  unmount()
  return marks
}

describe('the marked words of a sentence', () => {
  it('are whole figures', () => {
    expect(marked('below 100 % 0 %, from 120 % 2 %', ['0 %', '2 %'])).toEqual(['0 %', '2 %'])
  })
  it('may hold signs that mean something in a pattern', () => {
    expect(marked('CNY 1,000.50 (each)', ['CNY 1,000.50', '(each)'])).toEqual(['CNY 1,000.50', '(each)'])
  })
})
