import AntdSelect, { type DefaultOptionType, type SelectProps } from 'antd/es/select'
import { Themed } from './Themed'

/** A choice from a list, in the theme of the house. */
export function Select<Value = unknown, Option extends DefaultOptionType = DefaultOptionType>(props: SelectProps<Value, Option>) {
  return <Themed><AntdSelect<Value, Option> {...props} /></Themed>
}
