import AntdTreeSelect, { type TreeSelectProps } from 'antd/es/tree-select'
import { Themed } from './Themed'

/** A choice from a tree, in the theme of the house. */
export function TreeSelect(props: TreeSelectProps<string>) {
  return <Themed><AntdTreeSelect<string> {...props} /></Themed>
}
