import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { queries } from '@/api/queries'
import { PageHeader } from '@/components/ui/PageHeader'
import { RecordView } from './RecordView'

export function RecordPage() {
  const { t } = useTranslation()
  const { type = '', id = '' } = useParams()
  const { state } = useLocation() as { state: { from?: string } | null }
  const { data } = useQuery(queries.record(type, id))
  return (
    <>
      <PageHeader title={data?.type_name ?? t('record.title')} back={state?.from} />
      <RecordView type={type} id={id} />
    </>
  )
}
