import type { ComponentProps } from 'react'
import AntdAutoComplete, { type AutoCompleteProps } from 'antd/es/auto-complete'
import AntdInput from 'antd/es/input'
import AntdMentions, { type MentionsProps } from 'antd/es/mentions'
import AntdProgress, { type ProgressProps } from 'antd/es/progress'
import AntdSwitch, { type SwitchProps } from 'antd/es/switch'
import { Themed } from './Themed'

/*
 * Ant Design's controls in the theme of the house. Nothing outside of this folder imports them from the library: its theme stands
 * around each control and not around the page, so that what is seen first does not wait for it.
 */

export const Input = (props: ComponentProps<typeof AntdInput>) => <Themed><AntdInput {...props} /></Themed>
export const TextArea = (props: ComponentProps<typeof AntdInput.TextArea>) => <Themed><AntdInput.TextArea {...props} /></Themed>
export const AutoComplete = (props: AutoCompleteProps<string>) => <Themed><AntdAutoComplete {...props} /></Themed>
export const Mentions = (props: MentionsProps) => <Themed><AntdMentions {...props} /></Themed>
export const Switch = (props: SwitchProps) => <Themed><AntdSwitch {...props} /></Themed>
export const Progress = (props: ProgressProps) => <Themed><AntdProgress {...props} /></Themed>
