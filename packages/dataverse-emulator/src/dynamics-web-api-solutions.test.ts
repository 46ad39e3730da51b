import { base64, client, failure, statusOf } from './testing/dynamics-web-api-kit.ts'
import { pick, withEmulator } from './testing/with-emulator.ts'

describe('the npm client dynamics-web-api, on solutions and files', () => {
  test('carries a solution through its whole life', () =>
    withEmulator({}, async (kit) => {
      const [dev, prod] = [client(kit, 'dev'), client(kit, 'prod')]
      const who = await dev.callFunction({ functionName: 'WhoAmI' })
      expect(Object.keys(Object(who))).toEqual(
        expect.arrayContaining(['BusinessUnitId', 'UserId', 'OrganizationId']),
      )
      expect(pick(await dev.callFunction({ functionName: 'RetrieveVersion' }), 'Version')).toMatch(/^9\.2\./)
      const organization = await prod.callFunction({
        functionName: 'RetrieveCurrentOrganization',
        parameters: { AccessType: 'Default' },
      })
      expect(pick(organization, 'Detail', 'OrganizationType')).toBe('Customer')

      // dev: publisher, solution, import of customizations, publish, version, export
      await dev.callAction({
        actionName: 'ImportSolution',
        action: {
          CustomizationFile: await base64({
            uniqueName: 'Orders',
            tables: { new_Order: ['new_name', 'new_total'] },
            webResources: { 'new_/a.js': '1' },
          }),
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: true,
          ImportJobId: '99999999-0000-4000-8000-000000000001',
        },
      })
      await dev.callAction({ actionName: 'PublishAllXml' })
      await dev.callAction({
        actionName: 'PublishXml',
        action: {
          ParameterXml: '<importexportxml><entities><entity>new_order</entity></entities></importexportxml>',
        },
      })
      const [solution] = (
        await dev.retrieveMultiple({ collection: 'solutions', filter: "uniquename eq 'Orders'" })
      ).value
      await dev.update({
        collection: 'solutions',
        key: String(pick(solution, 'solutionid')),
        data: { version: '1.1.0.0' },
      })
      const exported = await dev.callAction({
        actionName: 'ExportSolutionAsync',
        action: { SolutionName: 'Orders', Managed: true },
      })
      await kit.finishJobs()
      const download = await dev.callAction({
        actionName: 'DownloadSolutionExportData',
        action: { ExportJobId: String(pick(exported, 'ExportJobId')) },
      })
      const file = String(pick(download, 'ExportSolutionFile'))

      // prod: stage, import, result
      const staged = await prod.callAction({
        actionName: 'StageSolution',
        action: { CustomizationFile: file },
      })
      expect(pick(staged, 'StageSolutionResults', 'StageSolutionStatus')).toBe('Passed')
      const imported = await prod.callAction({
        actionName: 'ImportSolutionAsync',
        action: {
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: true,
          SolutionParameters: {
            StageSolutionUploadId: String(pick(staged, 'StageSolutionResults', 'StageSolutionUploadId')),
          },
        },
      })
      await kit.finishJobs()
      const job = await prod.retrieve({
        collection: 'asyncoperations',
        key: String(pick(imported, 'AsyncOperationId')),
        select: ['statecode', 'statuscode', 'message'],
      })
      expect(job).toMatchObject({ statecode: 3, statuscode: 30, message: null })
      const key = String(pick(imported, 'ImportJobKey'))
      const result = await prod.callFunction({
        functionName: 'RetrieveSolutionImportResult',
        parameters: { ImportJobId: key },
      })
      expect(pick(result, 'SolutionOperationResult', 'Status')).toBe('Passed')
      expect(
        pick(
          await prod.callFunction({
            functionName: 'RetrieveFormattedImportJobResults',
            parameters: { ImportJobId: key },
          }),
          'FormattedResults',
        ),
      ).toContain('Excel.Sheet')
      expect(
        pick(
          (await prod.retrieveMultiple({ collection: 'solutions', filter: "uniquename eq 'orders'" }))
            .value[0],
          'version',
        ),
      ).toBe('1.1.0.0')

      // upgrade in two steps, then in one
      const two = await base64({
        uniqueName: 'Orders',
        version: '2.0.0.0',
        managed: true,
        tables: { new_Order: ['new_name'] },
      })
      await prod.callAction({
        actionName: 'ImportSolutionAsync',
        action: {
          CustomizationFile: two,
          HoldingSolution: true,
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: false,
        },
      })
      await kit.finishJobs()
      expect(await prod.count({ collection: 'solutions', filter: "uniquename eq 'Orders_Upgrade'" })).toBe(1)
      await prod.callAction({ actionName: 'DeleteAndPromoteAsync', action: { UniqueName: 'Orders' } })
      await kit.finishJobs()
      const three = await base64({
        uniqueName: 'Orders',
        version: '3.0.0.0',
        managed: true,
        tables: { new_Order: ['new_name'] },
      })
      await prod.callAction({
        actionName: 'StageAndUpgradeAsync',
        action: {
          CustomizationFile: three,
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: false,
        },
      })
      await kit.finishJobs()
      expect(
        (
          await prod.retrieveMultiple({
            collection: 'solutions',
            select: ['uniquename', 'version'],
            filter: "startswith(uniquename,'Orders')",
          })
        ).value,
      ).toMatchObject([{ uniquename: 'Orders', version: '3.0.0.0' }])

      // rows of the table that came with the solution
      await prod.create({ collection: 'new_orders', data: { new_name: 'first' } })
      expect(await prod.count({ collection: 'new_orders' })).toBe(1)

      const dependents = await prod.callFunction({
        functionName: 'RetrieveDependenciesForUninstall',
        parameters: { SolutionUniqueName: 'Orders' },
      })
      expect(pick(dependents, 'value')).toEqual([])
      await prod.callAction({
        actionName: 'UninstallSolutionAsync',
        action: { SolutionUniqueName: 'Orders' },
      })
      await kit.finishJobs()
      expect(await prod.count({ collection: 'solutions', filter: "uniquename eq 'Orders'" })).toBe(0)
      expect(statusOf(await failure(prod.count({ collection: 'new_orders' })))).toBe(404)
    }))

  test('works on publishers, solutions and their components', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      const publisher = await api.create({
        collection: 'publishers',
        data: {
          uniquename: 'fabrikam',
          friendlyname: 'Fabrikam',
          customizationprefix: 'fab',
          customizationoptionvalueprefix: 34567,
        },
        returnRepresentation: true,
      })
      const solution = await api.create({
        collection: 'solutions',
        data: {
          uniquename: 'Fab',
          friendlyname: 'Fab',
          version: '1.0.0.0',
          'publisherid@odata.bind': `publishers(${String(pick(publisher, 'publisherid'))})`,
        },
        returnRepresentation: true,
      })
      expect(pick(solution, '_publisherid_value')).toBe(pick(publisher, 'publisherid'))
      await api.callAction({
        actionName: 'ImportSolution',
        action: {
          CustomizationFile: await base64({ uniqueName: 'Other', webResources: { 'new_/b.js': '2' } }),
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: false,
          ImportJobId: '99999999-0000-4000-8000-000000000002',
        },
      })
      const [resource] = (
        await api.retrieveMultiple({ collection: 'webresourceset', filter: "name eq 'new_/b.js'" })
      ).value
      const id = String(pick(resource, 'webresourceid'))
      await api.callAction({
        actionName: 'AddSolutionComponent',
        action: {
          ComponentId: id,
          ComponentType: 61,
          SolutionUniqueName: 'Fab',
          AddRequiredComponents: false,
        },
      })
      const components = {
        collection: 'solutioncomponents',
        filter: `_solutionid_value eq ${String(pick(solution, 'solutionid'))}`,
      }
      expect(pick((await api.retrieveMultiple(components)).value[0], 'objectid')).toBe(id)
      await api.callAction({
        actionName: 'RemoveSolutionComponent',
        action: {
          SolutionComponent: {
            '@odata.type': 'Microsoft.Dynamics.CRM.solutioncomponent',
            solutioncomponentid: id,
          },
          ComponentType: 61,
          SolutionUniqueName: 'Fab',
        },
      })
      expect(await api.count(components)).toBe(0)
      const exported = await api.callAction({
        actionName: 'ExportSolution',
        action: { SolutionName: 'Fab', Managed: false },
      })
      expect(
        Buffer.from(String(pick(exported, 'ExportSolutionFile')), 'base64')
          .subarray(0, 2)
          .toString(),
      ).toBe('PK')
      const patch = await api.callAction({
        actionName: 'CloneAsPatch',
        action: { ParentSolutionUniqueName: 'Fab', DisplayName: 'Patch', VersionNumber: '1.0.1.0' },
      })
      expect(
        pick(
          await api.retrieve({ collection: 'solutions', key: String(pick(patch, 'SolutionId')) }),
          '_parentsolutionid_value',
        ),
      ).toBe(pick(solution, 'solutionid'))
      const clone = await api.callAction({
        actionName: 'CloneAsSolution',
        action: { ParentSolutionUniqueName: 'Fab', DisplayName: 'Rolled up', VersionNumber: '1.1.0.0' },
      })
      expect(
        pick(
          await api.retrieve({ collection: 'solutions', key: String(pick(clone, 'SolutionId')) }),
          'version',
        ),
      ).toBe('1.1.0.0')
      await api.deleteRecord({ collection: 'solutions', key: String(pick(solution, 'solutionid')) })
      await api.deleteRecord({ collection: 'publishers', key: String(pick(publisher, 'publisherid')) })
    }))

  test('asks for metadata and dependencies', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      await api.callAction({
        actionName: 'ImportSolution',
        action: {
          CustomizationFile: await base64({ uniqueName: 'Orders', tables: { new_Order: ['new_name'] } }),
          OverwriteUnmanagedCustomizations: false,
          PublishWorkflows: false,
          ImportJobId: '99999999-0000-4000-8000-000000000003',
        },
      })
      const entities = await api.retrieveEntities({
        select: ['LogicalName', 'EntitySetName'],
        filter: "LogicalName eq 'new_order'",
      })
      expect(entities.value).toMatchObject([{ LogicalName: 'new_order', EntitySetName: 'new_orders' }])
      const id = String(pick(entities.value[0], 'MetadataId'))
      expect(pick(await api.retrieveEntity({ key: "LogicalName='new_order'" }), 'PrimaryNameAttribute')).toBe(
        'new_name',
      )
      const attributes = await api.retrieveAttributes({ entityKey: id, select: ['LogicalName'] })
      expect(attributes.value.map((row: unknown) => pick(row, 'LogicalName'))).toContain('new_name')
      const dependents = await api.callFunction({
        functionName: 'RetrieveDependentComponents',
        parameters: { ObjectId: id, ComponentType: 1 },
      })
      expect(pick(dependents, 'value', '0') ?? pick(dependents, 'value')).toBeTruthy()
      const withMetadata = await api.callFunction({
        functionName: 'RetrieveDependentComponentsWithMetadata',
        parameters: { ObjectId: id, ComponentType: 1 },
      })
      expect(
        Array.isArray(pick(withMetadata, 'DependencyMetadataCollection', 'DependencyMetadataInfoCollection')),
      ).toBe(true)
      expect((await kit.ask('dev', 'GET', '$metadata')).text).toContain('EntityType Name="new_order"')
    }))

  test('moves files in chunks and in blocks', () =>
    withEmulator({}, async (kit) => {
      const api = client(kit, 'dev')
      const id = String(
        pick(
          await api.create({
            collection: 'stagesolutionuploads',
            data: { name: 'x' },
            returnRepresentation: true,
          }),
          'stagesolutionuploadid',
        ),
      )
      const content = Buffer.alloc(5_000_000, 'emulator')
      await api.uploadFile({
        collection: 'stagesolutionuploads',
        key: id,
        fieldName: 'solutionfile',
        fileName: 'x.zip',
        data: content,
      })
      const back = await api.downloadFile({
        collection: 'stagesolutionuploads',
        key: id,
        fieldName: 'solutionfile',
      })
      expect(back.fileName).toBe('x.zip')
      expect(back.fileSize).toBe(content.length)
      expect(Buffer.compare(Buffer.from(back.data), content)).toBe(0)
      const target = {
        '@odata.type': 'Microsoft.Dynamics.CRM.stagesolutionupload',
        stagesolutionuploadid: id,
      }
      const upload = await api.callAction({
        actionName: 'InitializeFileBlocksUpload',
        action: { Target: target, FileAttributeName: 'solutionfile', FileName: 'y.zip' },
      })
      const token = String(pick(upload, 'FileContinuationToken'))
      await api.callAction({
        actionName: 'UploadBlock',
        action: {
          BlockId: 'AAAA',
          BlockData: Buffer.from('hello ').toString('base64'),
          FileContinuationToken: token,
        },
      })
      await api.callAction({
        actionName: 'UploadBlock',
        action: {
          BlockId: 'BBBB',
          BlockData: Buffer.from('world').toString('base64'),
          FileContinuationToken: token,
        },
      })
      const committed = await api.callAction({
        actionName: 'CommitFileBlocksUpload',
        action: {
          FileName: 'y.zip',
          MimeType: 'application/zip',
          BlockList: ['AAAA', 'BBBB'],
          FileContinuationToken: token,
        },
      })
      expect(pick(committed, 'FileSizeInBytes')).toBe(11)
      const download = await api.callAction({
        actionName: 'InitializeFileBlocksDownload',
        action: { Target: target, FileAttributeName: 'solutionfile' },
      })
      const block = await api.callAction({
        actionName: 'DownloadBlock',
        action: {
          Offset: 6,
          BlockLength: 5,
          FileContinuationToken: String(pick(download, 'FileContinuationToken')),
        },
      })
      expect(Buffer.from(String(pick(block, 'Data')), 'base64').toString()).toBe('world')
    }))
})
