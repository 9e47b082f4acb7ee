import { soapMethods, soapNamespace } from "./soap.ts";

const parameters = {
  SendImage: ["Image:base64Binary", "handoverKey:string"],
  SendImageWithDataCapture: ["Image:base64Binary", "handoverKey:string", "DataCapture:string"],
} as const satisfies Record<(typeof soapMethods)[number], readonly string[]>;

function element(name: string): string {
  const [field, type] = name.split(":");
  return `<s:element minOccurs="0" maxOccurs="1" name="${field}" type="s:${type}"/>`;
}

const types = soapMethods
  .map(
    (method) => `
      <s:element name="${method}"><s:complexType><s:sequence>${parameters[method].map(element).join("")}</s:sequence></s:complexType></s:element>
      <s:element name="${method}Response"><s:complexType><s:sequence>
        <s:element minOccurs="0" maxOccurs="1" name="${method}Result" type="tns:ImageUploadResult"/>
      </s:sequence></s:complexType></s:element>`,
  )
  .join("");

const messages = soapMethods
  .map(
    (method) => `
  <wsdl:message name="${method}SoapIn"><wsdl:part name="parameters" element="tns:${method}"/></wsdl:message>
  <wsdl:message name="${method}SoapOut"><wsdl:part name="parameters" element="tns:${method}Response"/></wsdl:message>`,
  )
  .join("");

const operations = soapMethods
  .map(
    (method) => `
    <wsdl:operation name="${method}">
      <wsdl:input message="tns:${method}SoapIn"/><wsdl:output message="tns:${method}SoapOut"/>
    </wsdl:operation>`,
  )
  .join("");

const bindings = soapMethods
  .map(
    (method) => `
    <wsdl:operation name="${method}">
      <soap:operation soapAction="${soapNamespace}${method}" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
  )
  .join("");

/** WSDL 1.1 of the Image Upload service: SOAP 1.1 over HTTP, document/literal, wrapped. `address` is where it is called. */
export function writeWsdl(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${soapNamespace}" targetNamespace="${soapNamespace}">
  <wsdl:types>
    <s:schema elementFormDefault="qualified" targetNamespace="${soapNamespace}">${types}
      <s:complexType name="ImageUploadResult"><s:sequence>
        <s:element minOccurs="0" maxOccurs="1" name="CardImageID" type="s:string"/>
        <s:element minOccurs="1" maxOccurs="1" name="ClientID" type="s:int"/>
        <s:element minOccurs="1" maxOccurs="1" name="ErrorCode" type="s:int"/>
        <s:element minOccurs="0" maxOccurs="1" name="handoverKey" type="s:string"/>
      </s:sequence></s:complexType>
    </s:schema>
  </wsdl:types>${messages}
  <wsdl:portType name="ImageUploadSoap">${operations}
  </wsdl:portType>
  <wsdl:binding name="ImageUploadSoap" type="tns:ImageUploadSoap">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${bindings}
  </wsdl:binding>
  <wsdl:service name="ImageUpload">
    <wsdl:port name="ImageUploadSoap" binding="tns:ImageUploadSoap"><soap:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
