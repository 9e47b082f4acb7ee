import { answersCodeOnly } from "./soap-reply.ts";
import { type SoapMethod, soapMethods, soapNamespace } from "./soap-request.ts";

const parameters = {
  SendImage: ["Image:base64Binary", "handoverKey:string"],
  SendImageWithDataCapture: ["Image:base64Binary", "handoverKey:string", "DataCapture:string"],
  SetCustomDataCapture: ["CardImageID:string", "ImageInformation_Key:string", "DataCapture:string"],
  SetImageToPurge: ["CardImageID:string", "ImagePurgeKey:string"],
} as const satisfies Record<SoapMethod, readonly string[]>;

function writeElement(name: string): string {
  const [field, type] = name.split(":");
  return `<s:element minOccurs="0" maxOccurs="1" name="${field}" type="s:${type}"/>`;
}

function writeResultElement(method: SoapMethod): string {
  const [occurs, type] = answersCodeOnly(method) ? [1, "s:int"] : [0, "tns:ImageUploadResult"];
  return `<s:element minOccurs="${occurs}" maxOccurs="1" name="${method}Result" type="${type}"/>`;
}

const writeEach = (write: (method: SoapMethod) => string) => soapMethods.map(write).join("");

const types = writeEach(
  (method) => `
      <s:element name="${method}"><s:complexType><s:sequence>${parameters[method].map(writeElement).join("")}</s:sequence></s:complexType></s:element>
      <s:element name="${method}Response"><s:complexType><s:sequence>${writeResultElement(method)}</s:sequence></s:complexType></s:element>`,
);

const messages = writeEach(
  (method) => `
  <wsdl:message name="${method}SoapIn"><wsdl:part name="parameters" element="tns:${method}"/></wsdl:message>
  <wsdl:message name="${method}SoapOut"><wsdl:part name="parameters" element="tns:${method}Response"/></wsdl:message>`,
);

const operations = writeEach(
  (method) => `
    <wsdl:operation name="${method}">
      <wsdl:input message="tns:${method}SoapIn"/><wsdl:output message="tns:${method}SoapOut"/>
    </wsdl:operation>`,
);

function writeBinding(name: string, prefix: string): string {
  const bound = writeEach(
    (method) => `
    <wsdl:operation name="${method}">
      <${prefix}:operation soapAction="${soapNamespace}${method}" style="document"/>
      <wsdl:input><${prefix}:body use="literal"/></wsdl:input><wsdl:output><${prefix}:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
  );
  return `
  <wsdl:binding name="${name}" type="tns:ImageUploadSoap">
    <${prefix}:binding transport="http://schemas.xmlsoap.org/soap/http"/>${bound}
  </wsdl:binding>`;
}

/** WSDL 1.1 of the Image Upload service: SOAP 1.1 and 1.2 over HTTP, document/literal, wrapped. `address` is where it is called. */
export function writeWsdl(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${soapNamespace}" targetNamespace="${soapNamespace}">
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
  </wsdl:portType>${writeBinding("ImageUploadSoap", "soap")}${writeBinding("ImageUploadSoap12", "soap12")}
  <wsdl:service name="ImageUpload">
    <wsdl:port name="ImageUploadSoap" binding="tns:ImageUploadSoap"><soap:address location="${address}"/></wsdl:port>
    <wsdl:port name="ImageUploadSoap12" binding="tns:ImageUploadSoap12"><soap12:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
