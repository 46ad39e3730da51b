// Form script of the table Order.
var Linden = Linden || {}

Linden.OrderForm = (function () {
  'use strict'

  var STATUS_CONFIRMED = 273100002

  // A confirmed order is what the customer was told: its lines and date stay as they are.
  function lockWhenConfirmed(formContext) {
    var status = formContext.getAttribute('lin_orderstatus').getValue()
    var locked = status !== null && status >= STATUS_CONFIRMED
    formContext.getControl('lin_orderdate').setDisabled(locked)
    formContext.getControl('lin_customerid').setDisabled(locked)
  }

  return {
    onLoad: function (executionContext) {
      var formContext = executionContext.getFormContext()
      lockWhenConfirmed(formContext)
      formContext.getAttribute('lin_orderstatus').addOnChange(function () {
        lockWhenConfirmed(formContext)
      })
    },
  }
})()
